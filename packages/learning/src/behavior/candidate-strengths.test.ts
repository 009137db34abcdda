import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { type CandidateComparison, candidateStrengths } from "./candidate-strengths.ts";

const word = (contributor: string, winner: string, loser: string): CandidateComparison => ({
  contributor,
  winner,
  loser,
});

test("strongest first, adding up to 0, with an interval around each", () => {
  const comparisons = Array.from({ length: 30 }, (_, i) => [
    word(`p${i}`, i % 5 === 0 ? "b" : "a", i % 5 === 0 ? "a" : "b"),
    word(`p${i}`, i % 3 === 0 ? "c" : "b", i % 3 === 0 ? "b" : "c"),
  ]).flat();
  const strengths = candidateStrengths(comparisons, { random: createRandom(1) });
  expect(strengths.map(({ candidate }) => candidate)).toEqual(["a", "b", "c"]);
  expect(strengths.reduce((sum, { strength }) => sum + strength, 0)).toBeCloseTo(0, 9);
  expect(strengths.map(({ wins, losses }) => [wins, losses])).toEqual([
    [24, 6],
    [26, 34],
    [10, 20],
  ]);
  for (const { strength, lower, upper } of strengths) {
    expect(lower).toBeLessThan(strength);
    expect(upper).toBeGreaterThan(strength);
  }
  expect(strengths[0]?.lower).toBeGreaterThan(strengths[2]?.upper ?? 9);
  expect(candidateStrengths(comparisons, { random: createRandom(1) })).toEqual(strengths);
});

test("fifty words of one person are surer of nothing than that person is", () => {
  const alone = Array.from({ length: 50 }, () => word("loud", "a", "b"));
  const others = [word("x", "b", "a"), word("y", "b", "a"), word("z", "b", "a")];
  const [first] = candidateStrengths([...alone, ...others], { random: createRandom(2) });
  expect(first?.candidate).toBe("a");
  // A resample without that person turns it round.
  expect(first?.lower).toBeLessThan(0);
});

test("finite where one always wins, empty without words", () => {
  const [first] = candidateStrengths([word("x", "a", "b")], { random: createRandom(3) });
  expect(first?.strength).toBeLessThan(2);
  expect(candidateStrengths([], { random: createRandom(3) })).toEqual([]);
});

test("a tie is half a win of each, and pulls the two together", () => {
  const ties = Array.from({ length: 20 }, (_, i) => ({ ...word(`t${i}`, "a", "b"), tie: true }));
  const [one, other] = candidateStrengths(ties, { random: createRandom(4) });
  expect(one?.strength).toBeCloseTo(0, 9);
  expect(other).toMatchObject({ wins: 0, losses: 0, ties: 20 });
  const wins = [word("x", "a", "b"), word("y", "a", "b")];
  const alone = candidateStrengths(wins, { random: createRandom(5) })[0]?.strength ?? 0;
  const pulled = candidateStrengths([...wins, ...ties], { random: createRandom(5) })[0]?.strength ?? 0;
  expect(alone).toBeGreaterThan(pulled);
  expect(pulled).toBeGreaterThan(0);
});

import { describe, expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { nextDuel, winnerProbabilities } from "./double-thompson.ts";
import { type DuelSelection, selectByDuels } from "./select-by-duels.ts";

/** Candidates of these strengths: i beats j with probability s_i / (s_i + s_j). */
function select(strengths: readonly number[], seed: string, duels = 300): Promise<DuelSelection> {
  const coin = createRandom(`coin:${seed}`);
  return selectByDuels({
    candidates: strengths.length,
    duels,
    random: createRandom(seed),
    compare: async (first, second) => {
      const [one, other] = [strengths[first] as number, strengths[second] as number];
      return coin.next() < one / (one + other) ? 1 : 0;
    },
  });
}

describe("selection by duels", () => {
  test("finds the strongest in nine of ten runs, with comparisons to spare", async () => {
    let right = 0;
    let spent = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const { best, duels } = await select([1, 1.5, 5, 1, 2], `s${seed}`);
      if (best === 2) right += 1;
      spent += duels;
    }
    expect(right).toBeGreaterThanOrEqual(18);
    expect(spent / 20).toBeLessThan(200);
  });

  test("compares the strong with each other, not the weak", async () => {
    const { wins } = await select([4, 5, 0.2, 0.2, 0.2, 0.2], "weak", 400);
    const played = (i: number, j: number): number => (wins[i]?.[j] ?? 0) + (wins[j]?.[i] ?? 0);
    const weak = [2, 3, 4, 5].flatMap((i) => [2, 3, 4, 5].filter((j) => j > i).map((j) => played(i, j)));
    expect(played(0, 1)).toBeGreaterThan(5 * Math.max(...weak));
  });

  test("equals stay uncertain and the budget is kept", async () => {
    const { probabilities, duels } = await select([1, 1, 1], "equal", 60);
    expect(duels).toBe(60);
    expect(Math.max(...probabilities)).toBeLessThan(0.95);
    expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  });

  test("repeats by seed, and one candidate needs no duel", async () => {
    expect(await select([1, 2, 3], "a")).toEqual(await select([1, 2, 3], "a"));
    expect(await select([1], "a")).toMatchObject({ best: 0, duels: 0, probabilities: [1] });
    await expect(select([], "a")).rejects.toThrow(RangeError);
  });

  test("a comparison that gives no share is refused", async () => {
    const random = createRandom(1);
    const broken = selectByDuels({ candidates: 2, duels: 3, random, compare: async () => Number.NaN });
    await expect(broken).rejects.toThrow(RangeError);
  });
});

test("with nothing played any pair may come, and everyone may be the winner", () => {
  const wins = [0, 1, 2].map(() => [0, 0, 0]);
  const pairs = new Set(
    Array.from({ length: 200 }, (_, seed) => String(nextDuel({ wins, random: createRandom(seed) }))),
  );
  expect(pairs.size).toBe(6);
  for (const probability of winnerProbabilities({ wins, random: createRandom(2) })) {
    expect(probability).toBeGreaterThan(0.25);
  }
});

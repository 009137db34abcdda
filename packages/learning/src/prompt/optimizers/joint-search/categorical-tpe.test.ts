import { expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { type Choice, nextChoice, type ScoredChoice } from "./categorical-tpe.ts";

const dimensions = {
  size: ["8", "16", "32", "64"],
  selection: ["random", "balanced", "nearest"],
  order: ["drawn", "grouped"],
};
const combinations = 24;

/** What a noiseless search over 24 choices would find: the larger and the more balanced, the better. */
function score(choice: Choice): number {
  return Number(choice["size"]) / 64 + (choice["selection"] === "balanced" ? 0.5 : 0);
}

function search(steps: number, seed: number): ScoredChoice[] {
  const random = createRandom(seed);
  const tried: ScoredChoice[] = [];
  for (let step = 0; step < steps; step += 1) {
    const choice = nextChoice({ dimensions, tried, random });
    if (!choice) break;
    tried.push({ choice, score: score(choice) });
  }
  return tried;
}

test("finds a good choice sooner than chance", () => {
  const best = Array.from({ length: 200 }, (_, seed) => Math.max(...search(8, seed).map((one) => one.score)));
  const found = best.filter((value) => value === 1.5).length;
  // Two of 24 choices are best: eight draws without replacement meet one with probability .56.
  expect(found).toBeGreaterThan(0.56 * 200 + 20);
});

test("never tries a choice twice and says when nothing is left", () => {
  const tried = search(200, 1);
  const keys = tried.map(({ choice }) => JSON.stringify(choice));
  expect(new Set(keys).size).toBe(keys.length);
  expect(tried.length).toBeGreaterThan(combinations / 2);
  expect(tried.length).toBeLessThanOrEqual(combinations);
});

test("leaves out what is taken and repeats by seed", () => {
  const options = { dimensions, tried: [], isTaken: (choice: Choice) => choice["size"] !== "16" };
  const choice = nextChoice({ ...options, random: createRandom(4) });
  expect(choice?.["size"]).toBe("16");
  expect(nextChoice({ ...options, random: createRandom(4) })).toEqual(choice);
  expect(nextChoice({ ...options, isTaken: () => true, random: createRandom(4) })).toBeUndefined();
});

test("with nothing tried every value is as likely as any other", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 600; seed += 1) {
    const size = nextChoice({ dimensions, tried: [], random: createRandom(seed), draws: 1 })?.["size"] ?? "";
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  for (const size of dimensions.size) expect(counts.get(size)).toBeGreaterThan(110);
});

import { describe, expect, it } from "vitest";
import { judgeBandits } from "./judge-bandits.ts";
import { BANDITS } from "./scenarios.ts";
import { simulateBandit } from "./simulate-bandit.ts";

// The benchmark runs ten thousand of each; these few find an allocation that does not learn, or estimates that drift with it.
const RUNS = 100;
const results = new Map(
  BANDITS.map((scenario) => {
    const runs = Array.from({ length: RUNS }, (_, seed) => simulateBandit(scenario, seed));
    return [scenario.name, judgeBandits(scenario, runs)];
  }),
);

describe("every claim of the simulation", () => {
  it.each(BANDITS.map(({ name, title }) => [name, title]))("%s: %s", (name) => {
    const result = results.get(name);
    expect(result?.isKept, JSON.stringify(result)).toBe(true);
  });

  it("gives the better arm most units, and loses less than an even split", () => {
    const { regret = 1, evenRegret = 0, lastShare = 0 } = results.get("one-better") ?? {};
    expect(regret).toBeLessThan(0.9 * evenRegret);
    expect(lastShare).toBeGreaterThan(0.45);
  });

  it("shows what plain sums make of shares that move with the base rate", () => {
    const { bias = 1, pooledBias = 0 } = results.get("better-in-drift") ?? {};
    expect(pooledBias).toBeGreaterThan(0.001);
    expect(Math.abs(bias)).toBeLessThan(0.001);
  });
});

it("is the same run for the same seed", () => {
  const [scenario] = BANDITS;
  if (scenario === undefined) throw new Error("no scenario");
  expect(simulateBandit(scenario, 3)).toEqual(simulateBandit(scenario, 3));
});

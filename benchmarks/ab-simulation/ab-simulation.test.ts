import { describe, expect, it } from "vitest";
import { sampleSizePerArm } from "@agent-learning/statistics";
import { judgeExperiments } from "./judge-experiments.ts";
import { EXPERIMENTS, FIXED_UNITS } from "./scenarios.ts";
import { AB_BASELINES, simulateExperiment } from "./simulate-experiment.ts";

// The benchmark runs ten thousand of each; these few find a verdict that anybody can peek into being.
const RUNS = 20;
const results = new Map(
  EXPERIMENTS.map((scenario) => {
    const runs = Array.from({ length: RUNS }, (_, seed) => simulateExperiment(scenario, seed));
    return [scenario.name, judgeExperiments(scenario, runs)];
  }),
);

describe("every claim of the simulation", () => {
  it.each(EXPERIMENTS.map(({ name, title }) => [name, title]))("%s: %s", (name) => {
    const result = results.get(name);
    expect(result?.isKept, JSON.stringify(result)).toBe(true);
  });

  it("shows how often peeking declares a winner between equal arms", () => {
    const zTest = AB_BASELINES.indexOf("repeated z-test");
    expect(results.get("even")?.baselines[zTest]).toBeGreaterThan(RUNS / 5);
    expect(results.get("allocation")?.baselines[zTest]).toBe(RUNS);
  });
});

it("is the same run for the same seed", () => {
  const [scenario] = EXPERIMENTS;
  if (scenario === undefined) throw new Error("no scenario");
  expect(simulateExperiment(scenario, 3)).toEqual(simulateExperiment(scenario, 3));
});

it("compares with the fixed sample size of the statistics", () => {
  const rates = { controlVariance: 0.05 * 0.95, treatmentVariance: 0.06 * 0.94, difference: 0.01 };
  expect(Math.round(sampleSizePerArm({ ...rates, power: 0.9 }))).toBe(FIXED_UNITS);
});

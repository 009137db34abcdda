import type { ExperimentHealth, HarmEvidence } from "@agent-learning/contract";
import type { ConfidenceSequenceEstimate } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import { type DecisionInput, decideExperiment, significanceOf } from "./decide-experiment.ts";

const health: ExperimentHealth = {
  status: "healthy",
  reasons: [],
  crossover_share: 0,
  sample_ratio: { ln_bayes_factor: 0, alarm: false, p_value: null },
};

const sequence = (lower: number, upper: number, pValue: number): ConfidenceSequenceEstimate => ({
  estimate: (lower + upper) / 2,
  lower,
  upper,
  pValue,
  verdictAllowed: true,
});

const input = (change: Partial<DecisionInput>): DecisionInput => ({
  better: "higher",
  metric: "satisfaction",
  health,
  units: { control: 2000, treatment: 2000 },
  measured: { control: 1500, treatment: 1500 },
  minimumUnits: 1000,
  runningHours: 168,
  minimumHours: 168,
  sequence: sequence(0.01, 0.09, 0.001),
  requiredSignificance: 0.95,
  harm: [],
  ...change,
});

const breached: HarmEvidence = {
  metric: "error_rate",
  pairs: 200,
  ln_evidence: 5,
  ln_threshold: 3,
  breached: true,
};

describe("decideExperiment", () => {
  it.each<[string, Partial<DecisionInput>, string | null]>([
    ["treatment when it is better", {}, "treatment"],
    ["control when the treatment is worse", { sequence: sequence(-0.09, -0.01, 0.001) }, "control"],
    [
      "treatment when less is better and it has less",
      { better: "lower", sequence: sequence(-9, -1, 0.001) },
      "treatment",
    ],
    [
      "control when less is better and it has more",
      { better: "lower", sequence: sequence(1, 9, 0.001) },
      "control",
    ],
    ["nobody before the time", { runningHours: 167.99 }, null],
    ["nobody below the units in control", { units: { control: 999, treatment: 5000 } }, null],
    ["nobody below the units in treatment", { units: { control: 5000, treatment: 999 } }, null],
    ["nobody below the measured units", { measured: { control: 999, treatment: 5000 } }, null],
    ["nobody when unhealthy", { health: { ...health, status: "unhealthy", reasons: ["Broken."] } }, null],
    ["nobody when it is not significant", { sequence: sequence(0.01, 0.09, 0.0501) }, null],
    ["nobody when the interval holds zero", { sequence: sequence(-0.001, 0.09, 0.01) }, null],
    ["nobody when nothing varies", { sequence: undefined }, null],
    ["nobody at more significance than there is", { requiredSignificance: 0.9995 }, null],
  ])("%s wins", (_name, change, winner) => {
    const verdict = decideExperiment(input(change));
    expect(verdict.winner).toBe(winner);
    expect(verdict.missing.length === 0).toBe(winner !== null);
  });

  it("gives no winner from an interval that is not valid yet", () => {
    const early = { ...sequence(0.01, 0.09, 0.001), verdictAllowed: false };
    expect(decideExperiment(input({ sequence: early })).winner).toBeNull();
  });

  it("says what is missing, with numbers", () => {
    const verdict = decideExperiment(
      input({
        runningHours: 12.5,
        units: { control: 188, treatment: 2000 },
        measured: { control: 100, treatment: 430 },
        sequence: sequence(-0.1, 0.1, 0.8),
      }),
    );
    expect(verdict.missing).toEqual([
      "155.5 more hours (168 are needed).",
      "812 more units exposed in control (188 of 1000).",
      "570 more units with satisfaction in treatment (430 of 1000).",
      "A difference in satisfaction that is certain: significance 0.2000, 0.95 is needed.",
    ]);
  });

  it("finds harm at any time, in any health", () => {
    const verdict = decideExperiment(input({ runningHours: 1, harm: [breached] }));
    expect(verdict).toMatchObject({ harm: true, winner: null });
  });
});

describe("significanceOf", () => {
  it.each([
    [1, 0],
    [0.5, 0.5],
    [0.05001, 0.9499],
    [0.0001, 0.9999],
    [0, 0.9999],
  ])("of p %d is %d", (pValue, significance) => {
    expect(significanceOf(pValue)).toBe(significance);
  });
});

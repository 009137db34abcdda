import type { ExperimentHealth, MetricComparison } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import {
  type DecisionInput,
  decideExperiment,
  type OpenTreatment,
  significanceOf,
} from "./decide-experiment.ts";

const health: ExperimentHealth = {
  status: "healthy",
  reasons: [],
  crossover_share: 0,
  sample_ratio: { ln_bayes_factor: 0, alarm: false, p_value: null },
  covariates: [],
};

const estimate = { units: 1500, outcomes: 1500, mean: 0.5, standard_error: 0.01 };

function compared(
  interval: [number, number] | null,
  pValue: number | null,
  change: Partial<MetricComparison> = {},
): MetricComparison {
  const absolute =
    interval === null
      ? null
      : { estimate: (interval[0] + interval[1]) / 2, lower: interval[0], upper: interval[1] };
  return {
    metric: "satisfaction",
    kind: "mean",
    role: "goal",
    better: "higher",
    primary: true,
    arm: "treatment",
    control: estimate,
    treatment: estimate,
    absolute,
    relative: null,
    p_value: pValue,
    adjusted_p_value: pValue,
    interval_level: 0.05,
    cuped: null,
    bayes: null,
    ...change,
  };
}

const better = compared([0.01, 0.09], 0.001);
const worse = compared([-0.09, -0.01], 0.001);
const unclear = compared([-0.1, 0.1], 0.8);

const treatment = (change: Partial<OpenTreatment> = {}): OpenTreatment => ({
  arm: "treatment",
  units: 2000,
  measured: 1500,
  harmed: false,
  comparisons: [better],
  verdictAllowed: true,
  ...change,
});

const input = (change: Partial<DecisionInput> = {}): DecisionInput => ({
  primary: "satisfaction",
  inference: "sequential",
  health,
  control: { units: 2000, measured: 1500 },
  treatments: [treatment()],
  minimumUnits: 1000,
  runningHours: 168,
  minimumHours: 168,
  requiredSignificance: 0.95,
  ...change,
});

const showing = (...comparisons: MetricComparison[]): Partial<DecisionInput> => ({
  treatments: [treatment({ comparisons })],
});

describe("decideExperiment", () => {
  it.each<[string, Partial<DecisionInput>, string | null]>([
    ["treatment when it is better", {}, "treatment"],
    ["control when the treatment is worse", showing(worse), "control"],
    [
      "treatment when less is better and it has less",
      showing(compared([-9, -1], 0.001, { better: "lower" })),
      "treatment",
    ],
    [
      "control when less is better and it has more",
      showing(compared([1, 9], 0.001, { better: "lower" })),
      "control",
    ],
    ["nobody before the time", { runningHours: 167.99 }, null],
    ["nobody below the units in control", { control: { units: 999, measured: 999 } }, null],
    ["nobody below the units in treatment", { treatments: [treatment({ units: 999 })] }, null],
    ["nobody below the measured units", { control: { units: 5000, measured: 999 } }, null],
    ["nobody when unhealthy", { health: { ...health, status: "unhealthy", reasons: ["Broken."] } }, null],
    ["nobody when it is not significant", showing(compared([0.01, 0.09], 0.0501)), null],
    ["nobody when the interval holds zero", showing(compared([-0.001, 0.09], 0.01)), null],
    ["nobody when nothing varies", showing(compared(null, null)), null],
    ["nobody at more significance than there is", { requiredSignificance: 0.9995 }, null],
  ])("%s wins", (_name, change, winner) => {
    const verdict = decideExperiment(input(change));
    expect(verdict.winner).toBe(winner);
    expect(verdict.missing.length === 0).toBe(winner !== null);
  });

  it("gives no winner from an interval that is not valid yet", () => {
    expect(decideExperiment(input({ treatments: [treatment({ verdictAllowed: false })] })).winner).toBeNull();
  });

  it("says what is missing, with numbers", () => {
    const verdict = decideExperiment(
      input({
        runningHours: 12.5,
        control: { units: 188, measured: 100 },
        treatments: [treatment({ measured: 430, comparisons: [unclear] })],
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
    const verdict = decideExperiment(
      input({ runningHours: 1, treatments: [treatment({ harmed: true, comparisons: [unclear] })] }),
    );
    expect(verdict).toMatchObject({ harmed: ["treatment"], winner: null });
  });

  it("takes the treatment with the largest gain among several that are better", () => {
    const bold = treatment({ arm: "bold", comparisons: [compared([0.05, 0.2], 0.002, { arm: "bold" })] });
    expect(decideExperiment(input({ treatments: [treatment(), bold] }))).toMatchObject({
      winner: "treatment",
      winningArm: "bold",
    });
  });

  it("lets the control win only when every treatment is worse", () => {
    const bad = treatment({ comparisons: [worse] });
    const open = treatment({ arm: "bold", comparisons: [unclear] });
    const verdict = decideExperiment(input({ treatments: [bad, open] }));
    expect(verdict.winner).toBeNull();
    expect(verdict.missing.join()).toContain("significance 0.9990 in treatment");
    expect(decideExperiment(input({ treatments: [bad, { ...bad, arm: "bold" }] })).winner).toBe("control");
  });

  it.each([
    ["another goal", { role: "goal" as const }],
    ["a guardrail", { role: "guardrail" as const }],
  ])("leaves a treatment that is better, and worse in %s, to a person", (_name, change) => {
    const other = compared([-0.2, -0.1], 0.001, { metric: "task_completion", primary: false, ...change });
    const verdict = decideExperiment(input(showing(better, other)));
    expect(verdict.winner).toBeNull();
    expect(verdict.missing).toEqual([
      "A person's judgement: satisfaction is better in treatment, but task_completion is worse.",
    ]);
  });

  it("does not mind what is only a signal", () => {
    const signal = compared([-0.2, -0.1], 0.001, { metric: "tokens", role: "signal", primary: false });
    expect(decideExperiment(input(showing(better, signal))).winner).toBe("treatment");
  });

  it("ends a fixed horizon without a winner when it shows none", () => {
    const over = decideExperiment(input({ inference: "fixed_horizon", ...showing(unclear) }));
    expect(over).toMatchObject({ winner: null, over: true });
    expect(over.missing.join()).toContain("The fixed horizon is over without a certain difference");
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

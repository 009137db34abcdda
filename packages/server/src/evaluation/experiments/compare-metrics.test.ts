import type { ExperimentMetric } from "@agent-learning/contract";
import { addPairedUnit, NO_PAIRED_UNITS, type PairedUnitSums } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { StoredMoments } from "../exposures/index.ts";
import { builtInMetric } from "../metrics/index.ts";
import { compareMetrics, type TestedComparison } from "./compare-metrics.ts";
import type { ArmPeriod } from "./measure-arm.ts";

/** Units with one yes/no outcome each. */
const binary = (units: number, ones: number): PairedUnitSums => ({
  n: units,
  sum: ones,
  sumSquares: ones,
  otherSum: units,
  otherSumSquares: units,
  crossSum: ones,
});

interface Change {
  control?: StoredMoments;
  treatment?: StoredMoments;
  minimumPerArm?: number;
  metric?: Partial<ExperimentMetric>;
  exposed?: number;
}

function compare({
  control,
  treatment,
  metric,
  minimumPerArm = 1000,
  exposed = 1000,
}: Change): TestedComparison {
  const arm = (moments: StoredMoments): ArmPeriod => ({ moments, exposed });
  const period = { control: arm(control ?? binary(1000, 50)), treatment: arm(treatment ?? binary(1000, 80)) };
  const measured = { ...builtInMetric("error_rate", "goal"), ...metric };
  const compared = [{ metric: measured, arm: "treatment", periods: [period], ...period }];
  const options = { inference: "sequential" as const, primary: measured.name, alpha: 0.05, minimumPerArm };
  return compareMetrics(compared, options)[0] as TestedComparison;
}

describe("compareMetrics", () => {
  // 50/1000 against 80/1000: interval (-.004375766, .064375766), p .121082 with variances p(1-p); ours are unbiased, n/(n-1).
  it("gives the always-valid interval of a difference of shares", () => {
    const { comparison, verdictAllowed } = compare({});
    expect(comparison.absolute?.estimate).toBeCloseTo(0.03, 12);
    expect(comparison.absolute?.lower).toBeCloseTo(-0.004375766, 4);
    expect(comparison.absolute?.upper).toBeCloseTo(0.064375766, 4);
    expect(comparison.p_value).toBeCloseTo(0.121082, 3);
    expect(comparison.relative?.estimate).toBeCloseTo(0.6, 12);
    expect(comparison).toMatchObject({
      better: "lower",
      control: { units: 1000, outcomes: 1000, mean: 0.05 },
    });
    expect(verdictAllowed).toBe(true);
  });

  it("allows no verdict below the minimum of units, whichever arm is short", () => {
    expect(compare({ control: binary(999, 50) }).verdictAllowed).toBe(false);
    expect(compare({ treatment: binary(999, 50) }).verdictAllowed).toBe(false);
    expect(compare({ minimumPerArm: 1001 }).verdictAllowed).toBe(false);
  });

  it.each<[string, Change]>([
    ["no units", { control: NO_PAIRED_UNITS, treatment: NO_PAIRED_UNITS }],
    ["one unit in an arm", { control: binary(1, 1) }],
    ["nothing that varies", { control: binary(1000, 0), treatment: binary(1000, 0) }],
  ])("infers nothing from %s", (_name, change) => {
    const { comparison, verdictAllowed } = compare(change);
    expect(verdictAllowed).toBe(false);
    expect(comparison).toMatchObject({ absolute: null, relative: null, p_value: null });
  });

  it("has no relative lift over a control of zero", () => {
    const { comparison } = compare({ control: binary(1000, 0) });
    expect(comparison.relative).toBeNull();
    expect(comparison.absolute).not.toBeNull();
  });

  it("takes the unit as the cluster: twenty equal outcomes of a unit are no more evidence than one", () => {
    const clustered = (units: number, ones: number): PairedUnitSums =>
      Array.from({ length: units }, (_, index) => Number(index < ones)).reduce(
        (sums, value) => addPairedUnit(sums, value * 20, 20),
        NO_PAIRED_UNITS,
      );
    const once = compare({}).comparison.absolute;
    const often = compare({ control: clustered(1000, 50), treatment: clustered(1000, 80) }).comparison;
    expect(often.absolute?.lower).toBeCloseTo(once?.lower ?? 0, 10);
    expect(often.control).toMatchObject({ units: 1000, outcomes: 20_000 });
  });

  it("counts every exposed unit where the metric is of a unit, one without an outcome as 0", () => {
    const { comparison } = compare({ metric: { per: "unit" }, exposed: 2000 });
    expect(comparison.control).toMatchObject({ units: 2000, mean: 0.025 });
    expect(comparison.treatment.mean).toBe(0.04);
  });

  it("shows Bayes' view, which decides nothing", () => {
    const { bayes } = compare({}).comparison;
    expect(bayes?.chance_to_win).toBeLessThan(0.1);
    expect(bayes?.risk_of_treatment).toBeGreaterThan(bayes?.risk_of_control ?? 1);
  });
});

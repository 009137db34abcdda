import type { ExperimentMetric } from "@agent-learning/contract";
import {
  addRatioCovariateUnit,
  cupedRatioLift,
  NO_RATIO_COVARIATE_UNITS,
  type RatioCovariateSums,
  SeededRandom,
} from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { StoredMoments } from "../exposures/index.ts";
import { builtInMetric } from "../metrics/index.ts";
import type { ArmPeriod } from "./measure-arm.ts";
import { measurePair } from "./measure-pair.ts";

interface Unit {
  value: number;
  other: number;
  before: number;
}

const metric: ExperimentMetric = {
  ...builtInMetric("task_completion", "goal"),
  kind: "ratio",
  covariate: true,
};

/** Units whose value is mostly what it was before. */
function unitsOf(count: number, lift: number, seed: number): Unit[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const before = random.uniform() * 5;
    const other = 1 + Math.floor(random.uniform() * 3);
    return { before, other, value: other * (before + lift + random.uniform()) };
  });
}

function periodOf(units: readonly Unit[]): ArmPeriod {
  const total = (of: (unit: Unit) => number): number => units.reduce((sum, unit) => sum + of(unit), 0);
  const moments: StoredMoments = {
    n: units.length,
    sum: total((unit) => unit.value),
    sumSquares: total((unit) => unit.value ** 2),
    otherSum: total((unit) => unit.other),
    otherSumSquares: total((unit) => unit.other ** 2),
    crossSum: total((unit) => unit.value * unit.other),
    covariate: {
      units: units.length,
      sum: total((unit) => unit.before),
      sumSquares: total((unit) => unit.before ** 2),
      measuredSum: total((unit) => unit.before),
      measuredSumSquares: total((unit) => unit.before ** 2),
      valueCross: total((unit) => unit.value * unit.before),
      otherCross: total((unit) => unit.other * unit.before),
    },
  };
  return { moments, exposed: units.length };
}

describe("measurePair", () => {
  const control = unitsOf(800, 0, 1);
  const treatment = unitsOf(900, 0.2, 2);
  const pair = { control: periodOf(control), treatment: periodOf(treatment) };

  it("takes away what the covariate explains, and keeps the estimate", () => {
    const adjusted = measurePair(metric, [pair]);
    const plain = measurePair({ ...metric, covariate: false }, [pair]);
    expect(adjusted.cuped?.variance_reduction).toBeGreaterThan(0.5);
    expect(adjusted.absolute?.variance).toBeLessThan((plain.absolute?.variance ?? 0) * 0.5);
    const error = Math.sqrt(plain.absolute?.variance ?? 0);
    expect(Math.abs((adjusted.absolute?.estimate ?? 0) - 0.2)).toBeLessThan(4 * error);
  });

  it("is the CUPED of a ratio", () => {
    const sums = (units: readonly Unit[]): RatioCovariateSums =>
      units.reduce(
        (all, { value, other, before }) => addRatioCovariateUnit(all, value, other, before),
        NO_RATIO_COVARIATE_UNITS,
      );
    const reference = cupedRatioLift(sums(control), sums(treatment), "absolute");
    const ours = measurePair(metric, [pair]).absolute;
    expect(ours?.estimate).toBeCloseTo(reference?.estimate ?? Number.NaN, 3);
    expect((ours?.variance ?? 0) / (reference?.variance ?? Number.NaN)).toBeCloseTo(1, 2);
  });

  it("puts periods together that are one period cut in two, at nearly the same estimate", () => {
    const half = (units: readonly Unit[], part: 0 | 1): ArmPeriod =>
      periodOf(units.filter((_, index) => index % 2 === part));
    const periods = ([0, 1] as const).map((part) => ({
      control: half(control, part),
      treatment: half(treatment, part),
    }));
    const cut = measurePair(metric, periods);
    const whole = measurePair(metric, [pair]);
    expect(cut.absolute?.n).toBe(1700);
    expect(cut.absolute?.estimate).toBeCloseTo(whole.absolute?.estimate ?? 0, 2);
    expect((cut.absolute?.variance ?? 0) / (whole.absolute?.variance ?? 1)).toBeCloseTo(1, 1);
    expect(cut.cuped?.theta).toBeCloseTo(whole.cuped?.theta ?? 0, 1);
  });

  it("says nothing of an arm without units", () => {
    const empty = measurePair(metric, [{ ...pair, treatment: periodOf([]) }]);
    expect(empty).toMatchObject({ absolute: undefined, relative: undefined, cuped: null });
  });
});

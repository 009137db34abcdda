import {
  addPairedUnit,
  NO_PAIRED_UNITS,
  type PairedUnitSums,
  SeededRandom,
} from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { SubjectSums } from "../exposures/index.ts";
import { builtInMetric, defaultMetrics } from "../metrics/index.ts";
import { analyseExperiment, type AnalysisInput } from "./analyse-experiment.ts";

const binary = (units: number, ones: number): PairedUnitSums => ({
  n: units,
  sum: ones,
  sumSquares: ones,
  otherSum: units,
  otherSumSquares: units,
  crossSum: ones,
});

const exposed = (units: number): PairedUnitSums => binary(units, 0);

const input = (sums: SubjectSums, change: Partial<AnalysisInput> = {}): AnalysisInput => ({
  sums,
  harm: {},
  arms: ["control", "treatment"].map((name) => ({ name, closed: false })),
  shares: [[50, 50]],
  metrics: defaultMetrics("satisfaction"),
  primary: "satisfaction",
  inference: "sequential",
  minimumEffect: null,
  now: new Date("2026-01-10T00:00:00Z"),
  concluded: null,
  minimumUnits: 1000,
  minimumHours: 168,
  runningHours: 200,
  alpha: 0.05,
  requiredSignificance: 0.95,
  final: false,
  ...change,
});

const sums = (control: PairedUnitSums, treatment: PairedUnitSums, units: [number, number]): SubjectSums => ({
  "0": {
    control: { exposure: exposed(units[0]), satisfaction: control },
    treatment: { exposure: exposed(units[1]), satisfaction: treatment },
  },
});

describe("analyseExperiment", () => {
  it("names the treatment the winner when it wins by the rules", () => {
    const analysis = analyseExperiment(input(sums(binary(2000, 1200), binary(2000, 1500), [2000, 2010])));
    expect(analysis.verdict).toMatchObject({ winner: "treatment", missing: [], significance: 0.9999 });
    expect(analysis.health.status).toBe("healthy");
    expect(analysis.units).toEqual({ control: 2000, treatment: 2010 });
    expect(analysis.estimates["treatment"]?.["satisfaction"]).toMatchObject({ units: 2000, mean: 0.75 });
    expect(analysis.comparisons.filter((comparison) => comparison.primary)).toHaveLength(1);
  });

  it("keeps the floor of 1,000 units under a policy that asks for less", () => {
    const few = sums(binary(900, 400), binary(900, 700), [900, 900]);
    const verdict = analyseExperiment(input(few, { minimumUnits: 100 })).verdict;
    expect(verdict.winner).toBeNull();
    expect(verdict.missing[0]).toBe("100 more units exposed in control (900 of 1000).");
  });

  it("gives an unhealthy experiment no winner", () => {
    const lopsided = sums(binary(2000, 1200), binary(2000, 1500), [4000, 2200]);
    expect(analyseExperiment(input(lopsided)).verdict.winner).toBeNull();
  });

  it("has an answer before any data", () => {
    const analysis = analyseExperiment(input({}, { runningHours: 10 }));
    expect(analysis.verdict).toMatchObject({ winner: null, harmed: [], significance: null });
    expect(analysis.health.status).toBe("unknown");
    expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
  });

  // Peeking: equal arms, looked at after every two hundred units a side from the first verdict on.
  it("declares a false winner in at most one of twenty A/A experiments, however often it is looked at", () => {
    let falseWinners = 0;
    const runs = 200;
    for (let seed = 0; seed < runs; seed += 1) {
      const random = new SeededRandom(seed);
      let [control, treatment] = [NO_PAIRED_UNITS, NO_PAIRED_UNITS];
      for (let units = 1; units <= 5000; units += 1) {
        control = addPairedUnit(control, Number(random.uniform() < 0.6), 1);
        treatment = addPairedUnit(treatment, Number(random.uniform() < 0.6), 1);
        if (units < 1000 || units % 200 !== 0) continue;
        const verdict = analyseExperiment(input(sums(control, treatment, [units, units]))).verdict;
        if (verdict.winner !== null) {
          falseWinners += 1;
          break;
        }
      }
    }
    expect(falseWinners).toBeLessThanOrEqual(runs / 20);
  });

  it("compares several treatments with one control, and says which one won", () => {
    const three: SubjectSums = {
      "0": {
        control: { exposure: exposed(2000), satisfaction: binary(2000, 1200) },
        treatment: { exposure: exposed(2000), satisfaction: binary(2000, 1220) },
        bold: { exposure: exposed(2000), satisfaction: binary(2000, 1420) },
      },
    };
    const change = {
      arms: ["control", "treatment", "bold"].map((name) => ({ name, closed: false })),
      shares: [[1, 1, 1]],
    };
    const analysis = analyseExperiment(input(three, change));
    expect(analysis.verdict).toMatchObject({ winner: "treatment", winningArm: "bold", missing: [] });
    const primaries = analysis.comparisons.filter((comparison) => comparison.primary);
    expect(primaries.map((comparison) => comparison.arm)).toEqual(["treatment", "bold"]);
    // Holm: the smaller p value stands at alpha / 2, and then the other at alpha.
    expect(primaries.map((comparison) => comparison.interval_level)).toEqual([0.05, 0.025]);
  });

  it("names no winner whose guardrail is worse, and leaves it to a person", () => {
    const slow = sums(binary(2000, 1200), binary(2000, 1500), [2000, 2000]);
    const latency = (mean: number): PairedUnitSums => ({
      n: 2000,
      sum: 2000 * mean,
      sumSquares: 2000 * (mean * mean + 100),
      otherSum: 2000,
      otherSumSquares: 2000,
      crossSum: 2000 * mean,
    });
    (slow["0"]?.["control"] ?? {})["latency_ms"] = latency(100);
    (slow["0"]?.["treatment"] ?? {})["latency_ms"] = latency(150);
    const metrics = [
      builtInMetric("satisfaction", "goal"),
      builtInMetric("error_rate", "guardrail"),
      builtInMetric("latency_ms", "guardrail"),
    ];
    const { verdict } = analyseExperiment(input(slow, { metrics }));
    expect(verdict.winner).toBeNull();
    expect(verdict.missing).toEqual([
      "A person's judgement: satisfaction is better in treatment, but latency_ms is worse.",
    ]);
  });

  it("concludes a fixed horizon once, at its end, and stays with it", () => {
    const fixed = { inference: "fixed_horizon" as const };
    const data = sums(binary(2000, 1200), binary(2000, 1300), [2000, 2000]);
    const early = analyseExperiment(input(data, { ...fixed, runningHours: 100 }));
    expect(early.verdict).toMatchObject({ winner: null, significance: null, over: false });
    expect(early.verdict.missing.at(-1)).toContain("nothing is concluded before it");
    expect(early.comparisons.every((one) => one.absolute === null && one.bayes === null)).toBe(true);
    expect(early.comparisons.find((one) => one.primary)?.treatment.mean).toBe(0.65);

    const end = analyseExperiment(input(data, fixed));
    expect(end.verdict).toMatchObject({ winner: "treatment", over: true });
    const later = sums(binary(4000, 2400), binary(4000, 2400), [4000, 4000]);
    const after = analyseExperiment(input(later, { ...fixed, concluded: end.concluded }));
    expect(after.verdict).toEqual(end.verdict);
    expect(after.comparisons).toEqual(end.comparisons);
  });

  it("is not fooled by good days on which an arm was large", () => {
    // Equal arms within each period; the treatment is large when everybody is satisfied.
    const periods: SubjectSums = {
      "0": {
        control: { exposure: exposed(9000), satisfaction: binary(9000, 4500) },
        treatment: { exposure: exposed(1000), satisfaction: binary(1000, 500) },
      },
      "1": {
        control: { exposure: exposed(1000), satisfaction: binary(1000, 900) },
        treatment: { exposure: exposed(9000), satisfaction: binary(9000, 8100) },
      },
    };
    const shares = [
      [0.9, 0.1],
      [0.1, 0.9],
    ];
    const analysis = analyseExperiment(input(periods, { shares }));
    expect(analysis.health.status).toBe("healthy");
    const primary = analysis.comparisons.find((comparison) => comparison.primary);
    expect(primary?.absolute?.estimate).toBeCloseTo(0, 10);
    expect(analysis.verdict.winner).toBeNull();
  });

  it("says when a decision is to be expected", () => {
    const half = sums(binary(1000, 600), binary(1000, 640), [1000, 1000]);
    const { power } = analyseExperiment(input(half, { runningHours: 100, minimumEffect: 0.05 }));
    expect(power).toMatchObject({ effect: 0.05, effect_source: "minimum_effect", units_per_day: 240 });
    expect(power?.units_per_arm).toBeGreaterThan(5000);
    expect(power?.sentence).toMatch(/^About \d+ days until a decision/);
    expect(Date.parse(power?.expected_end ?? "")).toBeGreaterThan(Date.parse("2026-01-20"));
  });
});

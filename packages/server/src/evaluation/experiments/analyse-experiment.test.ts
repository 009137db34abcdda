import {
  addPairedUnit,
  NO_PAIRED_UNITS,
  type PairedUnitSums,
  SeededRandom,
} from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import type { SubjectSums } from "../exposures/index.ts";
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
  primary: "satisfaction",
  control: 50,
  treatment: 50,
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
    expect(analysis.treatment["satisfaction"]).toMatchObject({ units: 2000, mean: 0.75 });
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
    const analysis = analyseExperiment(input({}));
    expect(analysis.verdict).toMatchObject({ winner: null, harm: false, significance: null });
    expect(analysis.health.status).toBe("unknown");
    expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
  });

  // Peeking: equal arms, looked at after every hundred units a side from the first verdict on.
  it("declares a false winner in at most one of twenty A/A experiments, however often it is looked at", () => {
    let falseWinners = 0;
    const runs = 200;
    for (let seed = 0; seed < runs; seed += 1) {
      const random = new SeededRandom(seed);
      let [control, treatment] = [NO_PAIRED_UNITS, NO_PAIRED_UNITS];
      for (let units = 1; units <= 5000; units += 1) {
        control = addPairedUnit(control, Number(random.uniform() < 0.6), 1);
        treatment = addPairedUnit(treatment, Number(random.uniform() < 0.6), 1);
        if (units < 1000 || units % 100 !== 0) continue;
        const verdict = analyseExperiment(input(sums(control, treatment, [units, units]))).verdict;
        if (verdict.winner !== null) {
          falseWinners += 1;
          break;
        }
      }
    }
    expect(falseWinners).toBeLessThanOrEqual(runs / 20);
  });
});

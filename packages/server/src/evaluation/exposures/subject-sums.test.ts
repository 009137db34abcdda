import { addPairedUnit, NO_PAIRED_UNITS } from "@agent-learning/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addChanges, type SubjectSums, sumsOf, sumsOverStages } from "./subject-sums.ts";
import type { SumsChange } from "./unit-store.ts";

const change = (stage: number, arm: string, metric: string, value: number): SumsChange => ({
  stage,
  arm,
  metric,
  units: 1,
  lastAt: new Date(0),
  ...addPairedUnit(NO_PAIRED_UNITS, value, 1),
});

describe("addChanges", () => {
  it("adds each change to its stage, arm and metric", () => {
    const sums = addChanges({}, [
      change(0, "control", "satisfaction", 1),
      change(0, "control", "satisfaction", 0.5),
      change(1, "control", "satisfaction", 0),
      change(0, "treatment", "error_rate", 1),
    ]);
    expect(sumsOf(sums, 0, "control", "satisfaction")).toMatchObject({
      n: 2,
      sum: 1.5,
      sumSquares: 1.25,
      otherSum: 2,
    });
    expect(sumsOf(sums, 1, "control", "satisfaction")).toMatchObject({ n: 1, sum: 0 });
    expect(sumsOf(sums, 0, "treatment", "error_rate").sum).toBe(1);
    expect(sumsOf(sums, 2, "treatment", "error_rate")).toEqual(NO_PAIRED_UNITS);
    expect(sumsOverStages(sums, "control", "satisfaction")).toMatchObject({ n: 3, sum: 1.5 });
  });

  it("leaves the sums that it was given as they are, and survives JSON", () => {
    const before = addChanges({}, [change(0, "control", "satisfaction", 1)]);
    const copy = JSON.parse(JSON.stringify(before)) as SubjectSums;
    addChanges(before, [change(0, "control", "satisfaction", 1)]);
    expect(before).toEqual(copy);
  });

  it("gives the same sums however the changes are cut into batches", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 })), fc.nat(), (values, cut) => {
        const changes = values.map((value, index) => change(index % 2, "control", "latency_ms", value));
        const at = cut % (values.length + 1);
        const cutInTwo = addChanges(addChanges({}, changes.slice(0, at)), changes.slice(at));
        expect(cutInTwo).toEqual(addChanges({}, changes));
      }),
    );
  });
});

import { liftOf, proportionSummary, sequentialSampleSizePerArm } from "@agent-learning/statistics";
import { describe, expect, it } from "vitest";
import { type ForesightInput, foreseeEnd } from "./foresee-end.ts";

const now = new Date("2026-01-10T00:00:00Z");
const arm = (n: number, ones: number) => proportionSummary(n, ones);

function input(change: Partial<ForesightInput> = {}): ForesightInput {
  const control = "control" in change ? change.control : arm(1000, 50);
  const treatment = "treatment" in change ? change.treatment : arm(1000, 60);
  return {
    metric: "task_completion",
    inference: "sequential",
    control,
    treatment,
    relative: control && treatment ? liftOf(control, treatment, "relative") : undefined,
    minimumEffect: null,
    alpha: 0.05,
    units: 1000,
    minimumUnits: 1000,
    runningHours: 48,
    minimumHours: 168,
    now,
    ...change,
  };
}

describe("foreseeEnd", () => {
  it("takes the units that the sequence needs, at the pace so far", () => {
    const power = foreseeEnd(input());
    const expected = sequentialSampleSizePerArm({
      controlVariance: 0.05 * 0.95,
      treatmentVariance: 0.06 * 0.94,
      difference: 0.01,
    });
    expect(power.units_per_arm).toBe(Math.ceil(expected));
    expect(power).toMatchObject({ effect_source: "observed", units_per_day: 500 });
    const days = (Date.parse(power.expected_end ?? "") - now.getTime()) / 86_400_000;
    expect(days).toBeCloseTo((Math.ceil(expected) - 1000) / 500, 6);
    expect(power.sentence).toContain(`About ${Math.ceil(days)} days until a decision`);
  });

  it("needs fewer with one look at a fixed horizon", () => {
    const sequential = foreseeEnd(input()).units_per_arm ?? 0;
    expect(foreseeEnd(input({ inference: "fixed_horizon" })).units_per_arm).toBeLessThan(sequential);
  });

  it("waits for the least time when the units are there", () => {
    const power = foreseeEnd(input({ minimumEffect: 5 }));
    expect(power.expected_end).toBe("2026-01-15T00:00:00.000Z");
    expect(power.sentence).toContain("About 5 days");
  });

  it.each<[string, Partial<ForesightInput>, string]>([
    ["nothing measured", { control: undefined }, "No end can be foreseen yet"],
    ["no difference seen", { treatment: arm(1000, 50) }, "No end can be foreseen yet"],
    ["no units coming in", { units: 0, runningHours: 5, minimumEffect: 0.5 }, "none come in"],
    ["a difference too small for years", { minimumEffect: 0.0001 }, "takes years"],
  ])("says so with %s", (_name, change, sentence) => {
    const power = foreseeEnd(input(change));
    expect(power.expected_end).toBeNull();
    expect(power.sentence).toContain(sentence);
  });
});

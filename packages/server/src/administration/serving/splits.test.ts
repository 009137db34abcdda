import type { Split } from "@agent-learning/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentSplit, rolloutSplit } from "./splits.ts";

const experiment = (control: number, treatment: number): Split =>
  experimentSplit({
    id: "e",
    assignment_seed: "s",
    control_version_id: "c",
    treatment_version_id: "t",
    control_percentage: control,
    treatment_percentage: treatment,
  });

const rollout = (share: number): Split =>
  rolloutSplit({
    id: "r",
    assignment_seed: "s",
    baseline_version_id: "b",
    candidate_version_id: "c",
    stage: 0,
    share,
  });

const armAt = (split: Split, position: number): string | undefined =>
  split.arms.find((arm) => position >= arm.start && position < arm.end)?.name;

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("experimentSplit", () => {
  it("divides everybody at 50/50", () => {
    expect(experiment(50, 50)).toMatchObject({
      share: 0.5,
      arms: [
        { name: "control", version_id: "c", start: 0, end: 0.5 },
        { name: "treatment", version_id: "t", start: 0.5, end: 1 },
      ],
    });
  });

  it("leaves a holdout between the arms", () => {
    const split = experiment(10, 10);
    expect(split.arms.map(({ start, end }) => [start, end])).toEqual([
      [0, 0.1],
      [0.5, 0.6],
    ]);
    expect(armAt(split, 0.3)).toBeUndefined();
  });

  it("never moves a unit between arms when the coverage rises", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }), position, (c, t, at) => {
        const before = armAt(experiment(c, t), at);
        fc.pre(before !== undefined);
        expect(armAt(experiment(c * 5, t * 5), at)).toBe(before);
      }),
    );
  });

  it("keeps the arms apart and in [0, 1]", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (c, t) => {
        fc.pre(c + t <= 100);
        const [control, treatment] = experiment(c, t).arms;
        expect(control?.end).toBeLessThanOrEqual((treatment?.start ?? 0) + 1e-12);
        expect(treatment?.end).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("experimentSplit of several arms", () => {
  const row = {
    id: "e",
    assignment_seed: "s",
    control_version_id: "c",
    treatment_version_id: "t",
    control_percentage: 20,
    treatment_percentage: 20,
    additional_treatments: [{ name: "bold", percentage: 10, config: { version_id: "b" } }],
  };
  const periods = (...shares: Record<string, number>[]) =>
    shares.map((each) => ({ since: "2026-01-01T00:00:00.000Z", shares: each, reason: "" }));
  const places = (split: Split): [string, number, number][] =>
    split.arms.map(({ name, start, end }) => [
      name,
      Math.round(start * 1e9) / 1e9,
      Math.round(end * 1e9) / 1e9,
    ]);

  it("gives each its place, the holdout between them", () => {
    expect(places(experimentSplit(row))).toEqual([
      ["control", 0, 0.2],
      ["treatment", 0.4, 0.6],
      ["bold", 0.8, 0.9],
    ]);
  });

  it("moves nobody when an arm is closed", () => {
    const allocation = { policy: "fixed", periods: periods({ control: 0.2, treatment: 0, bold: 0.1 }) };
    expect(places(experimentSplit({ ...row, allocation }))).toEqual([
      ["control", 0, 0.2],
      ["bold", 0.8, 0.9],
    ]);
  });

  it("divides a bandit's units by the shares of its last period, which is the stage", () => {
    const shares = periods(
      { control: 0.2, treatment: 0.2, bold: 0.1 },
      { control: 0.05, treatment: 0.3, bold: 0.15 },
    );
    const split = experimentSplit({ ...row, allocation: { policy: "bandit", periods: shares } });
    expect(split).toMatchObject({ stage: 1, sticky: true });
    expect(experimentSplit(row).sticky).toBeUndefined();
    expect(places(split)).toEqual([
      ["control", 0, 0.05],
      ["treatment", 0.1, 0.4],
      ["bold", 0.7, 0.85],
    ]);
  });

  it("divides all units of a slot", () => {
    const split = experimentSplit({ ...row, exclusion_group: "g", slot_start: 0.2, slot_end: 0.7 });
    expect(split.slot).toEqual({ seed: "exclusion-group/g", start: 0.2, end: 0.7 });
    expect(places(split)).toEqual([
      ["control", 0, 0.4],
      ["treatment", 0.4, 0.8],
      ["bold", 0.8, 1],
    ]);
  });
});

describe("rolloutSplit", () => {
  it.each([
    [0.05, [0, 0.05], [0.95, 1]],
    [0.25, [0, 0.25], [0.75, 1]],
    [0.5, [0, 0.5], [0.5, 1]],
    [0.8, [0, 0.8], [0.8, 1]],
    [1, [0, 1], [1, 1]],
  ])("at share %d", (share, candidate, control) => {
    const arms = rollout(share).arms;
    expect([arms[0]?.start, arms[0]?.end]).toEqual(candidate);
    expect(arms[1]?.start).toBeCloseTo(control[0] ?? 0, 12);
    expect(arms[1]?.end).toBe(1);
  });

  it("keeps the candidate's units through every later stage", () => {
    fc.assert(
      fc.property(position, fc.constantFrom(0.05, 0.1, 0.25, 0.5, 0.75), (at, share) => {
        fc.pre(armAt(rollout(share), at) === "candidate");
        expect(armAt(rollout(Math.min(1, share * 1.3)), at)).toBe("candidate");
      }),
    );
  });
});

import type { Split } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { assignedVersion } from "./assigned-version.ts";

const split: Split = {
  kind: "experiment",
  id: "e",
  seed: "seed-1",
  stage: 0,
  share: 0.5,
  arms: [
    { name: "control", version_id: "v1", start: 0, end: 0.5 },
    { name: "treatment", version_id: "v2", start: 0.5, end: 1 },
  ],
};
const units = Array.from({ length: 400 }, (_, index) => `user-${index}`);
const count = (splits: Split[], version: string | undefined): number =>
  units.filter((unit) => assignedVersion(splits, unit) === version).length;

it("divides units among the arms, each always the same", () => {
  expect(count([split], "v1")).toBeGreaterThan(150);
  expect(count([split], "v2")).toBeGreaterThan(150);
  expect(count([split], undefined)).toBe(0);
  expect(assignedVersion([split], "user-7")).toBe(assignedVersion([split], "user-7"));
});

it("leaves out who is outside the slot, and takes the next split", () => {
  const half = { ...split, slot: { seed: "group", start: 0, end: 0.5 } };
  const other = {
    ...split,
    slot: { seed: "group", start: 0.5, end: 1 },
    arms: [{ name: "only", version_id: "v3", start: 0, end: 1 }],
  };
  expect(count([half], undefined)).toBeGreaterThan(150);
  expect(count([half, other], "v3")).toBe(count([half], undefined));
  expect(count([], undefined)).toBe(units.length);
});

it("takes the position of GrowthBook's hash where the split asks for it", () => {
  const other = { ...split, hash: "growthbook-v2" as const };
  expect(units.some((unit) => assignedVersion([other], unit) !== assignedVersion([split], unit))).toBe(true);
});

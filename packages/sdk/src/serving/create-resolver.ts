import { growthBookPosition, murmur3 } from "@agent-learning/statistics/assignment";
import { type AssignmentMemory, createAssignmentMemory } from "./assignment-memory.ts";
import type { Resolution, ServingConfiguration, Split } from "./types.ts";

export type Resolver = (unit: string) => Resolution;

/** What the wire takes for a unit: one that cannot be recorded must not be in an arm. */
const MAXIMUM_UNIT = 200;

function isUnit(unit: unknown): unit is string {
  return typeof unit === "string" && unit.length > 0 && unit.length <= MAXIMUM_UNIT;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

/** Before anything is known. */
export const resolveNothing: Resolver = () => NOT_CONFIGURED;

const NOT_CONFIGURED: Resolution = freeze({
  versionId: null,
  version: null,
  split: null,
  reason: "not_configured",
});

/** The arm of a unit in one split; undefined outside its slot and its arms. */
type Assignment = (unit: string) => Resolution | undefined;

function assignmentOf(
  split: Split,
  versions: ServingConfiguration["versions"],
  memory: AssignmentMemory,
): Assignment {
  const arms = split.arms.map(({ name, versionId, start, end }) => ({
    start,
    end,
    name,
    resolution: freeze<Resolution>({
      versionId,
      version: versions.get(versionId) ?? null,
      split: { kind: split.kind, id: split.id, arm: name },
      reason: "split",
    }),
  }));
  const { slot, seed } = split;
  const prefix = `${seed}:`;
  const slotPrefix = slot === null ? "" : `${slot.seed}:`;
  const positionOf =
    split.hash === "growthbook-v2"
      ? (unit: string) => growthBookPosition(seed, unit)
      : (unit: string) => murmur3(prefix + unit) / 2 ** 32;
  return (unit) => {
    if (slot !== null) {
      const place = murmur3(slotPrefix + unit) / 2 ** 32;
      if (place < slot.start || place >= slot.end) return undefined;
    }
    if (split.sticky) {
      // An arm that has been closed since takes nobody any more.
      const kept = memory.get(split.id, unit);
      const arm = kept === undefined ? undefined : arms.find(({ name }) => name === kept);
      if (arm !== undefined) return arm.resolution;
    }
    const position = positionOf(unit);
    for (const arm of arms) {
      if (position < arm.start || position >= arm.end) continue;
      if (split.sticky) memory.set(split.id, unit, arm.name);
      return arm.resolution;
    }
    return undefined;
  };
}

/**
 * Prepares everything, so that a call is a hash and a few comparisons for each split: the unit's position is
 * murmur3_32(utf8(seed + ":" + unit)) / 2^32, or that of GrowthBook's hash version 2 where the split asks for it, and the unit gets the
 * arm whose [start, end) holds it, else the default version. A split with a slot looks only at units whose murmur3 position by the slot's
 * seed lies in it. Where a split's shares move, `memory` says which arm a unit was given first.
 */
export function createResolver(
  configuration: ServingConfiguration,
  memory: AssignmentMemory = createAssignmentMemory(),
): Resolver {
  const { splits, versions, defaultVersionId } = configuration;
  const version = defaultVersionId === null ? null : (versions.get(defaultVersionId) ?? null);
  const fallback: Omit<Resolution, "reason"> = { versionId: defaultVersionId, version, split: null };
  const byDefault = freeze<Resolution>({
    ...fallback,
    reason: version === null ? "nothing_in_service" : "default",
  });
  const invalid = freeze<Resolution>({ ...fallback, reason: "invalid_unit" });
  const assignments = splits.map((split) => assignmentOf(split, versions, memory));
  return (unit) => {
    if (!isUnit(unit)) return invalid;
    for (const assign of assignments) {
      const resolution = assign(unit);
      if (resolution !== undefined) return resolution;
    }
    return byDefault;
  };
}

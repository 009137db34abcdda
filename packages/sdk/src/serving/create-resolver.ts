import { murmur3 } from "@agent-learning/statistics/assignment";
import type { Resolution, ServingConfiguration } from "./types.ts";

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

/**
 * Prepares everything, so that a call is one hash and a few comparisons: the unit's position is
 * murmur3_32(utf8(seed + ":" + unit)) / 2^32, and it gets the arm whose [start, end) holds it, else the default version.
 */
export function createResolver(configuration: ServingConfiguration): Resolver {
  const { split, versions, defaultVersionId } = configuration;
  const version = defaultVersionId === null ? null : (versions.get(defaultVersionId) ?? null);
  const fallback: Omit<Resolution, "reason"> = { versionId: defaultVersionId, version, split: null };
  const byDefault = freeze<Resolution>({
    ...fallback,
    reason: version === null ? "nothing_in_service" : "default",
  });
  const invalid = freeze<Resolution>({ ...fallback, reason: "invalid_unit" });
  if (split === null) return (unit) => (isUnit(unit) ? byDefault : invalid);
  const arms = split.arms.map(({ name, versionId, start, end }) => ({
    start,
    end,
    resolution: freeze<Resolution>({
      versionId,
      version: versions.get(versionId) ?? null,
      split: { kind: split.kind, id: split.id, arm: name },
      reason: "split",
    }),
  }));
  const prefix = `${split.seed}:`;
  return (unit) => {
    if (!isUnit(unit)) return invalid;
    const position = murmur3(prefix + unit) / 2 ** 32;
    for (const arm of arms) {
      if (position >= arm.start && position < arm.end) return arm.resolution;
    }
    return byDefault;
  };
}

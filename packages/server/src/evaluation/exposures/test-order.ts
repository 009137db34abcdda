import { murmur3 } from "@agent-learning/statistics";
import type { ClosedUnit } from "./unit-store.ts";

/**
 * The order in which units of several arms enter a sequential test: by time, and units of one moment (those that were recorded
 * by one request) by a hash of their id. Arm after arm would show the test a run of one arm's failures that is nothing but
 * sorting.
 */
export function inTestOrder<T extends Pick<ClosedUnit, "unitId" | "firstAt">>(units: readonly T[]): T[] {
  return units
    .map((unit) => ({ unit, time: unit.firstAt.getTime(), hash: murmur3(unit.unitId) }))
    .sort((a, b) => a.time - b.time || a.hash - b.hash)
    .map(({ unit }) => unit);
}

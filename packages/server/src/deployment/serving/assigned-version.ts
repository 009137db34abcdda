import type { Split } from "@agent-learning/contract";
import { growthBookPosition, murmur3 } from "@agent-learning/statistics/assignment";

const share = (seed: string, unit: string): number => murmur3(`${seed}:${unit}`) / 2 ** 32;

/**
 * The version that a unit gets from the splits, as the SDK assigns it; undefined outside them all. An arm that a unit of a bandit was given
 * before its shares moved is known to the agent alone: there the caller names the version.
 */
export function assignedVersion(splits: readonly Split[], unit: string): string | undefined {
  for (const { slot, seed, hash, arms } of splits) {
    if (slot !== undefined) {
      const place = share(slot.seed, unit);
      if (place < slot.start || place >= slot.end) continue;
    }
    const position = hash === "growthbook-v2" ? growthBookPosition(seed, unit) : share(seed, unit);
    const arm = arms.find(({ start, end }) => position >= start && position < end);
    if (arm !== undefined) return arm.version_id;
  }
  return undefined;
}

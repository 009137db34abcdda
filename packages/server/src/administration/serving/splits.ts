import type { Split } from "@agent-learning/contract";
import { type ExperimentArmsRow, experimentArms, sharesOf, storedAllocation } from "./experiment-arms.ts";

export interface ExperimentSplitRow extends ExperimentArmsRow {
  id: string;
  assignment_seed: string;
  hash?: string;
  exclusion_group?: string | null;
  slot_start?: number | null;
  slot_end?: number | null;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What the slots of an exclusion group are hashed with. */
export function slotSeed(group: string): string {
  return `exclusion-group/${group}`;
}

/**
 * Arm i gets [cum_i, cum_i + coverage · w_i) with w_i its share of the units that take part: raising the coverage never moves
 * a unit between arms. What the percentages leave over is a holdout on the default version. A closed arm leaves its place empty, so
 * that nobody moves; a bandit divides all of the experiment's units anew, and agents remember those that they had. In a slot, the units of the slot are all that there are.
 */
export function experimentSplit(row: ExperimentSplitRow): Split {
  const arms = experimentArms(row);
  const shares = sharesOf(row);
  const { policy, periods } = storedAllocation(row);
  const places = policy === "bandit" ? shares : arms.map((arm) => arm.percentage / 100);
  const total = sum(places);
  const slot =
    row.slot_start === null || row.slot_start === undefined
      ? undefined
      : { seed: slotSeed(row.exclusion_group ?? ""), start: row.slot_start, end: row.slot_end ?? 1 };
  const coverage = slot === undefined ? 1 : 1 / total;
  return {
    kind: "experiment",
    id: row.id,
    seed: row.assignment_seed,
    hash: row.hash === "growthbook-v2" ? "growthbook-v2" : "murmur3",
    ...(slot === undefined ? {} : { slot }),
    stage: Math.max(0, periods.length - 1),
    share: sum(shares.slice(1)),
    ...(policy === "bandit" ? { sticky: true } : {}),
    arms: arms.flatMap(({ name, versionId }, index) => {
      const share = shares[index] ?? 0;
      const start = sum(places.slice(0, index)) / total;
      const end = Math.min(1, start + share * coverage);
      return share > 0 ? [{ name, version_id: versionId, start, end }] : [];
    }),
  };
}

export interface RolloutSplitRow {
  id: string;
  assignment_seed: string;
  baseline_version_id: string;
  candidate_version_id: string;
  stage: number;
  share: number;
}

/** Candidate from the left, a concurrent control of equal size from the right: a rising share moves no unit out of its arm. */
export function rolloutSplit(row: RolloutSplitRow): Split {
  const control = Math.min(row.share, 1 - row.share);
  return {
    kind: "rollout",
    id: row.id,
    seed: row.assignment_seed,
    stage: row.stage,
    share: row.share,
    arms: [
      { name: "candidate", version_id: row.candidate_version_id, start: 0, end: row.share },
      { name: "control", version_id: row.baseline_version_id, start: 1 - control, end: 1 },
    ],
  };
}

import type { UnitMetric } from "@agent-learning/contract";
import type { FeedbackChange, StoredExecution } from "../../collection/evidence-observer.ts";

/** What is added to the sums of one unit's metric. `exposure` counts units, its sum counts crossings. */
export interface Contribution {
  subjectId: string;
  metric: UnitMetric | "exposure";
  unitId: string;
  n: number;
  sum: number;
  sumSquares: number;
  /** The value of the unit's first outcome, should this be it: what sequential tests see of the unit. */
  first: number;
}

/** The experiment or rollout and the unit that an execution belongs to; undefined outside any split. */
export function subjectOf(
  execution: Pick<StoredExecution, "experiment_id" | "rollout_id" | "unit_id">,
): { subjectId: string; unitId: string } | undefined {
  const subjectId = execution.experiment_id ?? execution.rollout_id;
  return subjectId === null || execution.unit_id === null
    ? undefined
    : { subjectId, unitId: execution.unit_id };
}

/** What one execution adds: an error or none, its latency, whether the task was completed, as far as they are known. */
export function executionContributions(execution: StoredExecution): Contribution[] {
  const subject = subjectOf(execution);
  if (subject === undefined) return [];
  const observed: [UnitMetric, number | null][] = [
    ["error_rate", execution.status === "failed" ? 1 : 0],
    ["latency_ms", execution.latency_ms],
    ["task_completion", execution.task_completed === null ? null : Number(execution.task_completed)],
  ];
  return observed.flatMap(([metric, value]) =>
    value === null ? [] : [{ ...subject, metric, n: 1, sum: value, sumSquares: value * value, first: value }],
  );
}

/** What a change of feedback adds to its execution's unit: nothing, a vote, or the difference to the vote before. */
export function feedbackContributions(change: FeedbackChange): Contribution[] {
  const subject = subjectOf(change.execution);
  if (subject === undefined) return [];
  const before = change.before?.satisfaction ?? null;
  const after = change.after?.satisfaction ?? null;
  if (before === after) return [];
  return [
    {
      ...subject,
      metric: "satisfaction",
      n: Number(after !== null) - Number(before !== null),
      sum: (after ?? 0) - (before ?? 0),
      sumSquares: (after ?? 0) ** 2 - (before ?? 0) ** 2,
      first: after ?? 0,
    },
  ];
}

/** One contribution for each unit and metric, in a fixed order, so that two writers never wait for each other in a circle. */
export function combineContributions(contributions: readonly Contribution[]): Contribution[] {
  const combined = new Map<string, Contribution>();
  for (const one of contributions) {
    const key = JSON.stringify([one.subjectId, one.metric, one.unitId]);
    const known = combined.get(key);
    if (known === undefined) combined.set(key, { ...one });
    else {
      known.n += one.n;
      known.sum += one.sum;
      known.sumSquares += one.sumSquares;
    }
  }
  return [...combined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

import type { ExperimentMetric } from "@agent-learning/contract";
import { addToSketch, emptySketch } from "@agent-learning/statistics";
import type { FeedbackChange, StoredExecution } from "../../collection/evidence-observer.ts";

/** What is added to the sums of one unit's metric. */
export interface Contribution {
  subjectId: string;
  metric: string;
  unitId: string;
  n: number;
  sum: number;
  sumSquares: number;
  /** The value of the unit's first outcome, should this be it: what sequential tests see of the unit. */
  first: number;
  /** Denominators; null where the outcomes are the denominator. */
  other: number | null;
  /** Outcomes by bucket of a quantile sketch; null but for quantiles. */
  sketch: Record<string, number> | null;
  /** The covariate counts for a unit without an outcome too. */
  perUnit: boolean;
  /** The unit counts 1 where any outcome was above 0. */
  anyOutcome: boolean;
  /** A sequential test takes in the unit's first outcome. */
  isTested: boolean;
}

/** A metric, and whether sequential tests of its subject take in the units' first outcomes. */
export interface CountedMetric extends ExperimentMetric {
  isTested: boolean;
}

/** The bucket of zeros; other buckets are numbers. */
export const ZERO_BUCKET = "zero";

function bucketOf(value: number): string {
  const sketch = emptySketch();
  addToSketch(sketch, value);
  return Object.keys(sketch.buckets)[0] ?? ZERO_BUCKET;
}

/** What one outcome of a metric adds to its unit. */
export function outcomeContribution(
  subject: { subjectId: string; unitId: string },
  metric: Pick<CountedMetric, "name" | "kind" | "per" | "isTested">,
  value: number,
  denominator?: number,
): Contribution {
  return {
    ...subject,
    metric: metric.name,
    n: 1,
    sum: value,
    sumSquares: value * value,
    first: value,
    other: metric.kind === "ratio" ? (denominator ?? 1) : null,
    sketch: metric.kind === "quantile" ? { [bucketOf(value)]: 1 } : null,
    perUnit: metric.per === "unit",
    anyOutcome: metric.per === "unit" && metric.kind === "binary",
    isTested: metric.isTested,
  };
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

function tokensOf({ prompt_tokens, completion_tokens }: StoredExecution): number | null {
  return prompt_tokens === null && completion_tokens === null
    ? null
    : (prompt_tokens ?? 0) + (completion_tokens ?? 0);
}

const flag = (value: boolean | null): number | null => (value === null ? null : Number(value));

/** What an execution says of each source; null where it says nothing. Votes come by themselves, outcomes are reported. */
const OBSERVED: Readonly<Record<ExperimentMetric["source"], (execution: StoredExecution) => number | null>> =
  {
    error_rate: (execution) => flag(execution.status === "failed"),
    latency_ms: (execution) => execution.latency_ms,
    task_completion: (execution) => flag(execution.task_completed),
    tokens: tokensOf,
    cost_usd: ({ cost_usd: cost }) => (cost === null ? null : Number(cost)),
    satisfaction: () => null,
    outcome: () => null,
  };

/** What one execution adds to its subject's metrics, as far as it says something of them. */
export function executionContributions(
  execution: StoredExecution,
  metrics: readonly CountedMetric[],
): Contribution[] {
  const subject = subjectOf(execution);
  if (subject === undefined) return [];
  return metrics.flatMap((metric) => {
    const value = OBSERVED[metric.source](execution);
    return value === null ? [] : [outcomeContribution(subject, metric, value)];
  });
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
      other: null,
      sketch: null,
      perUnit: false,
      anyOutcome: false,
      isTested: true,
    },
  ];
}

function addCounts(
  a: Record<string, number> | null,
  b: Record<string, number> | null,
): Record<string, number> | null {
  if (a === null || b === null) return a ?? b;
  const total = { ...a };
  for (const [bucket, count] of Object.entries(b)) total[bucket] = (total[bucket] ?? 0) + count;
  return total;
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
      known.other = known.other === null && one.other === null ? null : (known.other ?? 0) + (one.other ?? 0);
      known.sketch = addCounts(known.sketch, one.sketch);
    }
  }
  return [...combined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

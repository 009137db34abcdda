import { Gauge, Registry } from "prom-client";
import type { LearningStats } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { getStats } from "./get-stats.ts";

const AGENTS_AT_MOST = 1_000;

const GAUGES: readonly [name: string, help: string, value: (stats: LearningStats) => number | null][] = [
  [
    "agent_learning_error_ratio",
    "Failed executions of all, today (UTC)",
    (s) => s.performance.error_rate.value,
  ],
  [
    "agent_learning_satisfaction_ratio",
    "Mean vote on 0 to 1, today",
    (s) => s.performance.satisfaction.value,
  ],
  ["agent_learning_rating_mean", "Mean rating, 1 to 5, today", (s) => s.performance.average_rating.value],
  [
    "agent_learning_task_completion_ratio",
    "Completed tasks of those known, today",
    (s) => s.performance.task_completion_rate.value,
  ],
  [
    "agent_learning_latency_seconds_mean",
    "Mean latency of executions, today",
    (s) => scale(s.performance.latency_ms.value, 0.001),
  ],
  ["agent_learning_executions_today", "Executions, today", (s) => s.performance.error_rate.denominator],
  ["agent_learning_feedback_ratio", "Feedback per execution, today", (s) => s.engagement.feedback_rate.value],
  [
    "agent_learning_correction_ratio",
    "Corrections per feedback, today",
    (s) => s.engagement.correction_rate.value,
  ],
  [
    "agent_learning_experiment_participation_ratio",
    "Executions inside a split of all, today",
    (s) => s.engagement.experiment_participation.value,
  ],
  [
    "agent_learning_expert_annotation_ratio",
    "Annotations per new example, today",
    (s) => s.engagement.expert_annotation_rate.value,
  ],
  ["agent_learning_examples", "Learning examples", (s) => s.total_examples],
  ["agent_learning_pending_annotations", "Annotations waited for", (s) => s.pending_annotations],
  ["agent_learning_annotations_today", "Annotations, today", (s) => s.annotations_today],
  ["agent_learning_examples_today", "New examples, today", (s) => s.learning.examples_per_day.numerator],
  ["agent_learning_active_experiments", "Running experiments", (s) => s.active_experiments],
  ["agent_learning_active_rollouts", "Running rollouts", (s) => s.active_rollouts],
  ["agent_learning_running_training_jobs", "Training runs that wait or run", (s) => s.running_training_jobs],
  [
    "agent_learning_training_runs_completed",
    "Training runs that completed in the last 24 hours",
    (s) => s.learning.training_runs_completed,
  ],
];

function scale(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

/** One organization's metrics with the agent's slug as a label. A ratio without a denominator is left out, not zero. */
export async function writePrometheus(ctx: TenantContext): Promise<string> {
  const registry = new Registry();
  const gauges = GAUGES.map(([name, help, value]) => ({
    gauge: new Gauge({ name, help, labelNames: ["agent"], registers: [registry] }),
    value,
  }));
  const quality = new Gauge({
    name: "agent_learning_quality_scores",
    help: "Quality scores given today, by tenth: 7 holds those from 0.7 to below 0.8, 9 also 1",
    labelNames: ["agent", "tenth"],
    registers: [registry],
  });
  const agents = await ctx.tx
    .selectFrom("agents")
    .select("slug")
    .where("organization_id", "=", ctx.organizationId)
    .where("archived_at", "is", null)
    .orderBy("id")
    .limit(AGENTS_AT_MOST)
    .execute();
  for (const { slug } of agents) {
    const stats = await getStats({ ctx, input: { agent: slug, days: 1 } });
    for (const { gauge, value } of gauges) {
      const number = value(stats);
      if (number !== null) gauge.set({ agent: slug }, number);
    }
    for (const [tenth, scores] of stats.learning.quality_distribution.entries())
      quality.set({ agent: slug, tenth }, scores);
  }
  return registry.metrics();
}

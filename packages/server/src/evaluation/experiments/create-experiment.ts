import { agentPolicy, type CreateExperiment } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/find-agent.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { requireVersion } from "../../administration/versions/index.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { newId } from "../../new-id.ts";
import { builtInMetric, resolveMetrics } from "../metrics/index.ts";
import { planAllocation } from "./plan-allocation.ts";
import { planArms } from "./plan-arms.ts";
import { insertExperiment } from "./store.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

/** A value of the caller's that may make the policy's rule stricter, never weaker. */
function atLeast(path: string, asked: number | undefined, policy: number): number {
  if (asked !== undefined && asked < policy) {
    throw unprocessable(`body.${path}`, `must be at least the ${policy} of the agent's policy`);
  }
  return asked ?? policy;
}

/**
 * Creates a draft: nobody is assigned before it is started.
 * @throws ProblemError unprocessable naming the field: percentages that do not fit, a version that is not the agent's or is in two
 *   arms, a metric without a source, a bandit that cannot be one, rules weaker than the policy's
 */
export async function createExperiment({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateExperiment & { trainingRunId?: string | null };
}): Promise<ExperimentRow> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const policy = agentPolicy.parse(agent.policy).experiment;
  const arms = planArms(input);
  const { metrics, primary } = resolveMetrics(input.metrics, input.primary_metric);
  const goal = metrics.find((metric) => metric.name === primary) ?? builtInMetric("satisfaction");
  const allocation = planAllocation(input, goal, 2 + arms.additional.length);
  const control = await requireVersion(
    ctx,
    agent.id,
    input.control_config.version_id,
    "body.control_config.version_id",
  );
  const path = "body.treatment_config.version_id";
  const treatment = await requireVersion(ctx, agent.id, input.treatment_config.version_id, path);
  if (control.id === treatment.id)
    throw unprocessable(path, "is the control's version: there is nothing to compare");
  const seen = new Map([
    [control.id, "control"],
    [treatment.id, "treatment"],
  ]);
  for (const [index, { name, config }] of arms.additional.entries()) {
    const where = `body.additional_treatments.${index}.config.version_id`;
    const version = await requireVersion(ctx, agent.id, config.version_id, where);
    const other = seen.get(version.id);
    if (other !== undefined)
      throw unprocessable(where, `is the version of ${other} too: compare each one once`);
    seen.set(version.id, name);
  }
  const largestAlpha = Math.round((1 - policy.significance) * 1e6) / 1e6;
  const alpha = input.significance_level ?? largestAlpha;
  if (alpha > largestAlpha) {
    throw unprocessable(
      "body.significance_level",
      `must be at most the ${largestAlpha} of the agent's policy`,
    );
  }
  const id = newId();
  const row = await insertExperiment(ctx, {
    id,
    name: input.name,
    description: input.description ?? null,
    hypothesis: input.hypothesis ?? null,
    agent_id: agent.id,
    control_config: json(input.control_config),
    treatment_config: json(input.treatment_config),
    control_percentage: arms.control,
    treatment_percentage: arms.treatment,
    additional_treatments: json(arms.additional),
    metrics: json(metrics),
    inference: input.inference ?? "sequential",
    minimum_effect: input.minimum_effect ?? null,
    allocation: json(allocation),
    hash: input.hash ?? "murmur3",
    exclusion_group: input.exclusion_group ?? null,
    control_version_id: control.id,
    treatment_version_id: treatment.id,
    min_duration_hours: atLeast("min_duration_hours", input.min_duration_hours, policy.min_duration_hours),
    min_sample_size: atLeast("min_sample_size", input.min_sample_size, policy.min_sample_size),
    primary_metric: primary,
    significance_level: alpha,
    // From what the experiment is, not from a random id: the same course of events divides the same units alike.
    assignment_seed:
      input.assignment_seed ??
      `experiment/${agent.slug}/v${control.number}-v${treatment.number}/${await countOfTreatment(ctx, treatment.id)}`,
    training_run_id: input.trainingRunId ?? treatment.training_run_id,
    created_by: actorUserId(ctx),
  });
  await writeAudit(ctx, {
    action: "experiment.created",
    entityType: "experiment",
    entityId: id,
    data: {
      agent_id: agent.id,
      control_version_id: control.id,
      treatment_version_id: treatment.id,
      percentages: [arms.control, arms.treatment, ...arms.additional.map((arm) => arm.percentage)],
      primary_metric: row.primary_metric,
    },
  });
  return row;
}

/** Experiments that this version was the treatment of so far: a repetition divides the units anew. */
async function countOfTreatment(ctx: TenantContext, versionId: string): Promise<number> {
  const { count } = await ctx.tx
    .selectFrom("learning_experiments")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("organization_id", "=", ctx.organizationId)
    .where("treatment_version_id", "=", versionId)
    .executeTakeFirstOrThrow();
  return count;
}

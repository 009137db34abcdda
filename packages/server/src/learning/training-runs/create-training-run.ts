import type { CreateTrainingRun, TrainingRun } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";
import { trainers } from "../trainers.ts";
import { findFrozenDataset } from "./find-frozen-dataset.ts";
import { presentTrainingRun } from "./present-training-run.ts";
import { insertRun } from "./store.ts";

/**
 * Creates a run and queues it, in one transaction; fine-tuning is drafted, and a person starts it.
 * @throws ProblemError unprocessable for a training type that this server cannot run, or an unusable dataset
 */
export async function createTrainingRun({
  ctx,
  input,
  path = "body.config",
}: {
  ctx: TenantContext;
  input: CreateTrainingRun;
  /** Where the caller wrote the config. */
  path?: string;
}): Promise<TrainingRun> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const trainer = trainers.get(input.training_type);
  if (trainer === undefined) {
    throw unprocessable(
      "body.training_type",
      `this server has no trainer for ${input.training_type}; it has ${[...trainers.keys()].join(", ")}`,
    );
  }
  if (input.dataset_id !== undefined) await findFrozenDataset(ctx, agent.id, input.dataset_id);
  const prepared = await trainer.prepare({
    ctx,
    agent,
    config: input.config,
    path,
    hyperparameters: input.hyperparameters,
    datasetId: input.dataset_id,
  });
  const row = await insertRun(ctx, {
    name: input.name,
    description: input.description ?? null,
    agentId: agent.id,
    datasetId: input.dataset_id ?? null,
    trainingType: input.training_type,
    config: prepared.config,
    hyperparameters: prepared.hyperparameters ?? input.hyperparameters,
    baseVersionId: prepared.baseVersionId,
    requiresReview: prepared.requiresReview,
    reserved: prepared.reserved ?? { calls: 0, tokens: 0, cost: 0 },
    phase: prepared.draft === undefined ? null : "draft",
    checkpoint: prepared.draft?.checkpoint,
  });
  if (prepared.draft === undefined)
    await ctx.services.jobs.enqueue(ctx, trainer.jobName, { runId: row.id }, { singletonKey: row.id });
  await writeAudit(ctx, {
    action: "training-run.created",
    entityType: "training_run",
    entityId: row.id,
    data: {
      training_type: input.training_type,
      dataset_id: input.dataset_id ?? null,
      base_version_id: prepared.baseVersionId,
    },
  });
  return presentTrainingRun(row);
}

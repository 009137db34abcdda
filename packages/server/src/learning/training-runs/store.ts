import type {
  FineTuningPhase,
  JsonValue,
  ModelSpending,
  TrainingRunEvent,
  TrainingStatus,
  TrainingType,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { actorUserId, type TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import type { TrainingRunRow } from "./present-training-run.ts";

export interface NewTrainingRun {
  name: string;
  description: string | null;
  agentId: string;
  datasetId: string | null;
  trainingType: TrainingType;
  config: unknown;
  hyperparameters: unknown;
  baseVersionId: string | null;
  requiresReview: boolean;
  reserved: ModelSpending;
  /** Of fine-tuning, which starts as a draft. */
  phase: FineTuningPhase | null;
  checkpoint?: unknown;
}

export async function insertRun(ctx: TenantContext, run: NewTrainingRun): Promise<TrainingRunRow> {
  const id = newId();
  return ctx.tx
    .insertInto("training_runs")
    .values({
      organization_id: ctx.organizationId,
      id,
      name: run.name,
      description: run.description,
      agent_id: run.agentId,
      dataset_id: run.datasetId,
      training_type: run.trainingType,
      config: json(run.config),
      hyperparameters: run.hyperparameters === undefined ? null : json(run.hyperparameters),
      base_version_id: run.baseVersionId,
      requires_review: run.requiresReview,
      review_status: run.requiresReview ? "pending" : null,
      reserved_calls: run.reserved.calls,
      reserved_tokens: run.reserved.tokens,
      reserved_cost: run.reserved.cost,
      phase: run.phase,
      ...(run.checkpoint === undefined ? {} : { checkpoint: json(run.checkpoint) }),
      logs_path: `/api/learning/training-runs/by-id/${id}/events`,
      created_by: actorUserId(ctx),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function readRun(ctx: TenantContext, id: string): Promise<TrainingRunRow | undefined> {
  return ctx.tx
    .selectFrom("training_runs")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export interface RunFilter {
  agentId: string;
  status?: TrainingStatus | undefined;
  trainingType?: TrainingType | undefined;
  beforeId?: string | undefined;
  limit: number;
}

/** Newest first; ids are UUIDv7. */
export async function readRuns(ctx: TenantContext, filter: RunFilter): Promise<TrainingRunRow[]> {
  let query = ctx.tx
    .selectFrom("training_runs")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.trainingType !== undefined) query = query.where("training_type", "=", filter.trainingType);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

export interface RunChange {
  status?: TrainingStatus;
  phase?: FineTuningPhase;
  launchedBy?: string;
  modelArtifactPath?: string;
  progressPercentage?: number;
  currentStep?: number;
  totalSteps?: number;
  metrics?: unknown;
  bestMetrics?: unknown;
  checkpoint?: unknown;
  error?: unknown;
  datasetId?: string;
  candidateVersionId?: string;
  promptArtifactPath?: string;
  reviewStatus?: "pending" | "approved" | "rejected";
  reviewedBy?: string;
  reviewNotes?: string | null;
  start?: boolean;
  end?: boolean;
  cancel?: boolean;
}

/**
 * Changes a run by compare-and-set on its revision.
 * @returns the row after the change, or undefined when somebody else moved it first
 */
export async function changeRun(
  ctx: TenantContext,
  id: string,
  revision: number,
  change: RunChange,
): Promise<TrainingRunRow | undefined> {
  const now = sql<Date>`learning_now()`;
  return ctx.tx
    .updateTable("training_runs")
    .set({
      revision: revision + 1,
      heartbeat_at: now,
      ...(change.status === undefined ? {} : { status: change.status }),
      ...(change.phase === undefined ? {} : { phase: change.phase }),
      ...(change.launchedBy === undefined ? {} : { launched_by: change.launchedBy }),
      ...(change.modelArtifactPath === undefined ? {} : { model_artifact_path: change.modelArtifactPath }),
      ...(change.progressPercentage === undefined ? {} : { progress_percentage: change.progressPercentage }),
      ...(change.currentStep === undefined ? {} : { current_step: change.currentStep }),
      ...(change.totalSteps === undefined ? {} : { total_steps: change.totalSteps }),
      ...(change.metrics === undefined ? {} : { metrics: json(change.metrics) }),
      ...(change.bestMetrics === undefined ? {} : { best_metrics: json(change.bestMetrics) }),
      ...(change.checkpoint === undefined ? {} : { checkpoint: json(change.checkpoint) }),
      ...(change.error === undefined ? {} : { error: json(change.error) }),
      ...(change.datasetId === undefined ? {} : { dataset_id: change.datasetId }),
      ...(change.candidateVersionId === undefined ? {} : { candidate_version_id: change.candidateVersionId }),
      ...(change.promptArtifactPath === undefined ? {} : { prompt_artifact_path: change.promptArtifactPath }),
      ...(change.reviewStatus === undefined ? {} : { review_status: change.reviewStatus, reviewed_at: now }),
      ...(change.reviewedBy === undefined ? {} : { reviewed_by: change.reviewedBy }),
      ...(change.reviewNotes === undefined ? {} : { review_notes: change.reviewNotes }),
      ...(change.start === true ? { started_at: sql<Date>`COALESCE(started_at, learning_now())` } : {}),
      ...(change.end === true ? { completed_at: now } : {}),
      ...(change.cancel === true
        ? { cancel_requested_at: sql<Date>`COALESCE(cancel_requested_at, learning_now())` }
        : {}),
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .where("revision", "=", revision)
    .returningAll()
    .executeTakeFirst();
}

/** Appends to the run's event stream. The run's row is locked by the caller's update, so that sequences have no gap. */
export async function appendEvent(
  ctx: TenantContext,
  runId: string,
  type: string,
  data: unknown,
): Promise<void> {
  await sql`
    INSERT INTO training_run_events (organization_id, run_id, sequence, type, data)
    SELECT ${ctx.organizationId}::uuid, ${runId}::uuid, COALESCE(MAX(sequence), 0) + 1, ${type}, ${JSON.stringify(data)}::jsonb
    FROM training_run_events WHERE organization_id = ${ctx.organizationId} AND run_id = ${runId}`.execute(
    ctx.tx,
  );
}

/** Up to `limit` events after a sequence, in order. */
export async function readEvents(
  ctx: TenantContext,
  runId: string,
  after: number,
  limit: number,
): Promise<TrainingRunEvent[]> {
  const rows = await ctx.tx
    .selectFrom("training_run_events")
    .select(["sequence", "type", "data", "created_at"])
    .where("organization_id", "=", ctx.organizationId)
    .where("run_id", "=", runId)
    .where("sequence", ">", after)
    .orderBy("sequence")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    data: row.data as Record<string, JsonValue>,
    created_at: row.created_at.toISOString(),
  }));
}

/** Says that the worker that wrote this revision is alive. Changes nothing else. */
export async function touchRun(ctx: TenantContext, id: string, revision: number): Promise<void> {
  await ctx.tx
    .updateTable("training_runs")
    .set({ heartbeat_at: sql<Date>`learning_now()` })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .where("revision", "=", revision)
    .execute();
}

/** Runs whose worker has not been heard of for `seconds`, so that another takes them up; locks nothing. */
export async function readAbandonedRuns(
  ctx: TenantContext,
  seconds: number,
): Promise<{ id: string; training_type: string }[]> {
  return ctx.tx
    .selectFrom("training_runs")
    .select(["id", "training_type"])
    .where("organization_id", "=", ctx.organizationId)
    .where("status", "=", "running")
    .where("heartbeat_at", "<", sql<Date>`learning_now() - make_interval(secs => ${seconds})`)
    .execute();
}

import type { TrainingArtifact, TrainingArtifactKind, TrainingType } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { StoredFile } from "./backends/backend.ts";
import { METHODS_OF } from "./settings.ts";

export const FINE_TUNING_TYPES = Object.keys(METHODS_OF) as TrainingType[];

/** Runs that a worker has to move on or to watch. */
export async function readMovingRuns(ctx: TenantContext): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM training_runs WHERE organization_id = ${ctx.organizationId}
      AND phase IN ('validating', 'queued', 'running', 'paused', 'evaluating', 'approved')
      -- An approved reward model has nowhere to go.
      AND (phase <> 'approved' OR candidate_version_id IS NOT NULL)`.execute(ctx.tx);
  return rows;
}

/** Whether another dataset has replaced this one, because a person's examples left it or are distrusted. */
export async function isSuperseded(ctx: TenantContext, datasetId: string): Promise<boolean> {
  const row = await ctx.tx
    .selectFrom("training_datasets")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("supersedes_id", "=", datasetId)
    .executeTakeFirst();
  return row !== undefined;
}

export interface EarlierRun {
  gain: number | null;
  /** Seconds of training for each token that it saw. */
  seconds_per_token: number | null;
  backend: string | null;
}

/** What the agent's last fine-tuning runs measured, newest first. */
export async function readEarlierRuns(ctx: TenantContext, agentId: string): Promise<EarlierRun[]> {
  const { rows } = await sql<EarlierRun>`
    SELECT (metrics -> 'gate' ->> 'difference')::float8 AS gain, (metrics ->> 'seconds_per_token')::float8 AS seconds_per_token,
      config ->> 'backend' AS backend
    FROM training_runs WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
      AND training_type IN ('supervised_fine_tuning', 'dpo', 'rlhf', 'lora') AND status = 'completed'
    ORDER BY id DESC LIMIT 10`.execute(ctx.tx);
  return rows;
}

/** Mean score of a version on held-out rows as it was measured last; undefined: it never was. */
export async function readLastScore(ctx: TenantContext, versionId: string): Promise<number | undefined> {
  const { rows } = await sql<{ score: number | null }>`
    (SELECT (report ->> 'candidate_score')::float8 AS score, created_at FROM evaluation_reports
      WHERE organization_id = ${ctx.organizationId} AND candidate_version_id = ${versionId} AND kind = 'gate'
      ORDER BY created_at DESC LIMIT 1)
    UNION ALL
    (SELECT (report ->> 'baseline_score')::float8 AS score, created_at FROM evaluation_reports
      WHERE organization_id = ${ctx.organizationId} AND baseline_version_id = ${versionId} AND kind = 'gate'
      ORDER BY created_at DESC LIMIT 1)
    ORDER BY created_at DESC LIMIT 1`.execute(ctx.tx);
  return rows[0]?.score ?? undefined;
}

/** Notes what a run made, once. */
export async function insertArtifacts(
  ctx: TenantContext,
  runId: string,
  files: readonly StoredFile[],
): Promise<void> {
  if (files.length === 0) return;
  await ctx.tx
    .insertInto("training_artifacts")
    .values(files.map((file) => ({ organization_id: ctx.organizationId, run_id: runId, ...file })))
    .onConflict((conflict) => conflict.columns(["organization_id", "run_id", "name"]).doNothing())
    .execute();
}

export async function readArtifacts(ctx: TenantContext, runId: string): Promise<TrainingArtifact[]> {
  const rows = await ctx.tx
    .selectFrom("training_artifacts")
    .select(["id", "run_id", "name", "kind", "sha256", "bytes", "created_at"])
    .where("organization_id", "=", ctx.organizationId)
    .where("run_id", "=", runId)
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    ...row,
    kind: row.kind as TrainingArtifactKind,
    created_at: row.created_at.toISOString(),
  }));
}

/** A reviewer's word on the version that a run made; the rest of a version never changes. */
export async function reviewMadeVersion(
  ctx: TenantContext,
  versionId: string,
  review: { status: "approved" | "rejected"; reviewedBy: string; notes: string | null },
): Promise<void> {
  await ctx.tx
    .updateTable("agent_versions")
    .set({
      review_status: review.status,
      reviewed_by: review.reviewedBy,
      reviewed_at: sql<Date>`learning_now()`,
      review_notes: review.notes,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", versionId)
    .execute();
}

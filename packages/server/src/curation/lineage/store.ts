import { type DatasetSplit, type DatasetStatus, type ExampleLineage } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { ExampleRow } from "../examples/store.ts";

type Found<K extends keyof ExampleLineage> = NonNullable<ExampleLineage[K]>;

export async function readSourceFeedback(
  ctx: TenantContext,
  example: ExampleRow,
): Promise<Found<"feedback"> | null> {
  if (example.source_feedback_id === null) return null;
  const row = await ctx.tx
    .selectFrom("agent_feedback")
    .select(["id", "feedback_type", "rating", "status", "created_at"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", example.source_feedback_id)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, created_at: row.created_at.toISOString() };
}

export async function readSourceExecution(
  ctx: TenantContext,
  example: ExampleRow,
): Promise<Found<"execution"> | null> {
  if (example.source_execution_id === null) return null;
  const row = await ctx.tx
    .selectFrom("agent_executions")
    .select(["id", "external_id as execution_id", "version_id", "session_id", "created_at"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", example.source_execution_id)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, created_at: row.created_at.toISOString() };
}

export async function readDatasetsOf(
  ctx: TenantContext,
  exampleId: string,
): Promise<ExampleLineage["datasets"]> {
  const rows = await ctx.tx
    .selectFrom("training_dataset_items as i")
    .innerJoin("training_datasets as d", (join) =>
      join.onRef("d.organization_id", "=", "i.organization_id").onRef("d.id", "=", "i.dataset_id"),
    )
    .select(["d.id", "d.name", "d.version", "d.status", "i.split"])
    .where("i.organization_id", "=", ctx.organizationId)
    .where("i.learning_example_id", "=", exampleId)
    .orderBy("d.id")
    .execute();
  return rows.map((row) => ({
    ...row,
    status: (row.status ?? "draft") as DatasetStatus,
    split: row.split as DatasetSplit,
  }));
}

/** Versions that hold the example as a demonstration, or whose training run learned from a training split that holds it. */
export async function readVersionsOf(
  ctx: TenantContext,
  example: ExampleRow,
): Promise<ExampleLineage["versions"]> {
  const { rows } = await sql<ExampleLineage["versions"][number]>`
    SELECT v.id, v.number, v.training_run_id,
      CASE WHEN v.config -> 'demonstrations' @> ${JSON.stringify([{ example_id: example.id }])}::jsonb
        THEN 'demonstration' ELSE 'dataset' END AS via
    FROM agent_versions v
    WHERE v.organization_id = ${ctx.organizationId} AND v.agent_id = ${example.agent_id}
      AND (v.config -> 'demonstrations' @> ${JSON.stringify([{ example_id: example.id }])}::jsonb
        OR EXISTS (
          SELECT 1 FROM training_runs r
          JOIN training_dataset_items i ON i.organization_id = r.organization_id AND i.dataset_id = r.dataset_id
          WHERE r.organization_id = v.organization_id AND r.id = v.training_run_id
            AND i.learning_example_id = ${example.id} AND i.split = 'train'))
    ORDER BY v.number`.execute(ctx.tx);
  return rows;
}

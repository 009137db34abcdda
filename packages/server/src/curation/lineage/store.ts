import { type DatasetSplit, type DatasetStatus, type ExampleLineage } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { ExampleRow } from "../examples/store.ts";
import { inIndexOrder } from "../tasks/index.ts";

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

/** Examples that were made of a piece of feedback; undefined: there is no such feedback. */
export async function readExamplesFrom(
  ctx: TenantContext,
  feedbackId: string,
): Promise<ExampleRow[] | undefined> {
  const feedback = await ctx.tx
    .selectFrom("agent_feedback")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", feedbackId)
    .executeTakeFirst();
  if (feedback === undefined) return undefined;
  return ctx.tx
    .selectFrom("learning_examples")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("source_feedback_id", "=", feedbackId)
    .orderBy("id")
    .execute();
}

/** Regression cases that were pinned from a piece of feedback. */
export async function readCasesOf(
  ctx: TenantContext,
  feedbackId: string,
): Promise<{ id: string; is_active: boolean }[]> {
  return ctx.tx
    .selectFrom("regression_cases")
    .select(["id", "is_active"])
    .where("organization_id", "=", ctx.organizationId)
    .where("source_feedback_id", "=", feedbackId)
    .orderBy("id")
    .execute();
}

interface Source {
  id: string;
  feedback_id: string | null;
  execution_id: string | null;
}

/** Where examples came from, in the order of their ids. */
export async function readSourcesOf(ctx: TenantContext, ids: readonly string[]): Promise<Source[]> {
  const { rows } = await sql<Source>`
    SELECT x.id, x.source_feedback_id AS feedback_id, x.source_execution_id AS execution_id
    FROM unnest(${ids}::uuid[]) AS own(id)
    CROSS JOIN LATERAL (SELECT * FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.id = own.id OFFSET 0) AS x ORDER BY x.id`.execute(
    ctx.tx,
  );
  return rows;
}

/** Where the examples of a dataset's training split came from, in its order. */
export async function readTrainedOn(ctx: TenantContext, datasetId: string, limit: number): Promise<Source[]> {
  const { rows } = await inIndexOrder(ctx, () =>
    sql<Source>`
      SELECT x.id, x.source_feedback_id AS feedback_id, x.source_execution_id AS execution_id
      FROM (SELECT position, learning_example_id FROM training_dataset_items t
        WHERE t.organization_id = ${ctx.organizationId} AND t.dataset_id = ${datasetId} AND t.split = 'train'
        ORDER BY t.position LIMIT ${limit}) AS i
      CROSS JOIN LATERAL (SELECT * FROM learning_examples e
        WHERE e.organization_id = ${ctx.organizationId} AND e.id = i.learning_example_id OFFSET 0) AS x
      ORDER BY i.position`.execute(ctx.tx),
  );
  return rows;
}

/** A training run, and the dataset that it learned from with what replaced that. */
export async function readRunOf(
  ctx: TenantContext,
  runId: string,
): Promise<
  | {
      id: string;
      name: string;
      status: string;
      dataset: {
        id: string;
        name: string;
        version: string;
        status: string;
        content_hash: string | null;
        erased_items: number;
        superseded_by: string | null;
      } | null;
    }
  | undefined
> {
  const run = await ctx.tx
    .selectFrom("training_runs")
    .select(["id", "name", "status", "dataset_id"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", runId)
    .executeTakeFirst();
  if (run === undefined) return undefined;
  const { dataset_id, ...rest } = run;
  const shown = { ...rest, status: run.status ?? "pending" };
  if (dataset_id === null) return { ...shown, dataset: null };
  const datasets = ctx.tx.selectFrom("training_datasets").where("organization_id", "=", ctx.organizationId);
  const dataset = await datasets
    .select(["id", "name", "version", "status", "content_hash", "erased_items"])
    .where("id", "=", dataset_id)
    .executeTakeFirstOrThrow();
  const next = await datasets.select("id").where("supersedes_id", "=", dataset_id).executeTakeFirst();
  return {
    ...shown,
    dataset: { ...dataset, status: dataset.status ?? "draft", superseded_by: next?.id ?? null },
  };
}

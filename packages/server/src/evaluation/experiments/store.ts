import { type Insertable, type RawBuilder, sql, type UpdateObject } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { Schema } from "../../database/index.ts";
import type { LearningExperimentsTable } from "../../database/schema.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

export async function insertExperiment(
  ctx: TenantContext,
  values: Omit<Insertable<LearningExperimentsTable>, "organization_id">,
): Promise<ExperimentRow> {
  return ctx.tx
    .insertInto("learning_experiments")
    .values({ organization_id: ctx.organizationId, ...values })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function selectExperiment(ctx: TenantContext, id: string): Promise<ExperimentRow | undefined> {
  return ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Holds the row until the transaction ends. With `skipLocked`, undefined also when somebody else holds it. */
export async function lockExperiment(
  ctx: TenantContext,
  id: string,
  { skipLocked = false }: { skipLocked?: boolean } = {},
): Promise<ExperimentRow | undefined> {
  const query = ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forNoKeyUpdate();
  return (skipLocked ? query.skipLocked() : query).executeTakeFirst();
}

export async function changeExperiment(
  ctx: TenantContext,
  id: string,
  change: UpdateObject<Schema, "learning_experiments">,
): Promise<ExperimentRow> {
  return ctx.tx
    .updateTable("learning_experiments")
    .set(change)
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first; ids are UUIDv7: their order is the order of creation. */
export async function selectExperiments(
  ctx: TenantContext,
  agentId: string,
  { limit, beforeId, status }: { limit: number; beforeId?: string | undefined; status?: string | undefined },
): Promise<ExperimentRow[]> {
  let query = ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId);
  if (status !== undefined) query = query.where("status", "=", status);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** Experiments that may get new data. */
export async function selectActiveIds(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.tx
    .selectFrom("learning_experiments")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("status", "in", ["running", "paused"])
    .execute();
  return rows.map((row) => row.id);
}

/** An experiment of these two versions that has not ended. */
export async function selectOpenExperiment(
  ctx: TenantContext,
  controlVersionId: string,
  treatmentVersionId: string,
): Promise<ExperimentRow | undefined> {
  return ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("control_version_id", "=", controlVersionId)
    .where("treatment_version_id", "=", treatmentVersionId)
    .where("status", "in", ["draft", "running", "paused"])
    .limit(1)
    .executeTakeFirst();
}

export const NOW: RawBuilder<Date> = sql<Date>`learning_now()`;

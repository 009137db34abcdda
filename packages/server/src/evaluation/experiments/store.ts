import { type Insertable, type RawBuilder, sql, type UpdateObject } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { Schema } from "../../database/index.ts";
import type { LearningExperimentsTable } from "../../database/schema.ts";
import type { ExperimentRow, ExperimentState } from "./stored-experiment.ts";

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

/** Ended experiments to which something came that no look has taken in: votes and outcomes of units that were exposed before. */
export async function selectLateIds(ctx: TenantContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT e.id FROM learning_experiments e
    WHERE e.organization_id = ${ctx.organizationId} AND e.status IN ('stopped', 'decided')
      AND EXISTS (SELECT FROM unit_changes c WHERE c.organization_id = e.organization_id AND c.subject_id = e.id)`.execute(
    ctx.tx,
  );
  return rows.map((row) => row.id);
}

/** Whether something came to the experiment that no look has taken in. */
export async function hasChanges(ctx: TenantContext, experimentId: string): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    SELECT EXISTS (SELECT FROM unit_changes WHERE organization_id = ${ctx.organizationId} AND subject_id = ${experimentId}) AS any`.execute(
    ctx.tx,
  );
  return rows[0]?.any ?? false;
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

/** What the tests have seen so far. The caller holds the experiment's row. */
export async function selectState(ctx: TenantContext, experimentId: string): Promise<ExperimentState> {
  const row = await ctx.tx
    .selectFrom("experiment_states")
    .select("state")
    .where("organization_id", "=", ctx.organizationId)
    .where("experiment_id", "=", experimentId)
    .executeTakeFirst();
  return { sums: {}, harm: {}, ...(row?.state as unknown as Partial<ExperimentState> | undefined) };
}

export async function storeState(
  ctx: TenantContext,
  experimentId: string,
  state: ExperimentState,
): Promise<void> {
  await sql`
    INSERT INTO experiment_states (organization_id, experiment_id, state)
    VALUES (${ctx.organizationId}, ${experimentId}, ${JSON.stringify(state)}::jsonb)
    ON CONFLICT (organization_id, experiment_id) DO UPDATE SET state = EXCLUDED.state`.execute(ctx.tx);
}

/** The experiments of an exclusion group that hold a slot, and the slots; nobody else can take one until the transaction ends. */
export async function lockSlots(
  ctx: TenantContext,
  group: string,
): Promise<{ id: string; name: string; start: number; end: number }[]> {
  const key = `exclusion-group:${ctx.organizationId}:${group}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(ctx.tx);
  const rows = await ctx.tx
    .selectFrom("learning_experiments")
    .select(["id", "name", "slot_start", "slot_end"])
    .where("organization_id", "=", ctx.organizationId)
    .where("exclusion_group", "=", group)
    .where("status", "in", ["running", "paused"])
    .orderBy("slot_start")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    start: row.slot_start ?? 0,
    end: row.slot_end ?? 1,
  }));
}

/** Experiments that hold the agent's traffic. */
export async function selectActive(ctx: TenantContext, agentId: string): Promise<ExperimentRow[]> {
  return ctx.tx
    .selectFrom("learning_experiments")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("status", "in", ["running", "paused"])
    .execute();
}

export const NOW: RawBuilder<Date> = sql<Date>`learning_now()`;

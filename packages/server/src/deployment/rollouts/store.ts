import type { RolloutStatus } from "@agent-learning/contract";
import { type Insertable, type RawBuilder, type Selectable, sql, type UpdateObject } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json, type Schema } from "../../database/index.ts";
import type { RolloutEventsTable, RolloutsTable } from "../../database/schema.ts";

export type RolloutRow = Selectable<RolloutsTable>;
export type RolloutEventRow = Selectable<RolloutEventsTable>;
export type RolloutChange = UpdateObject<Schema, "rollouts">;

export const NOW: RawBuilder<Date> = sql<Date>`learning_now()`;

export async function insertRollout(
  ctx: TenantContext,
  values: Omit<Insertable<RolloutsTable>, "organization_id">,
): Promise<RolloutRow> {
  return ctx.tx
    .insertInto("rollouts")
    .values({ organization_id: ctx.organizationId, ...values })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function selectRollout(ctx: TenantContext, id: string): Promise<RolloutRow | undefined> {
  return ctx.tx
    .selectFrom("rollouts")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Holds the row until the transaction ends. With `skipLocked`, undefined also when somebody else holds it. */
export async function lockRollout(
  ctx: TenantContext,
  id: string,
  { skipLocked = false }: { skipLocked?: boolean } = {},
): Promise<RolloutRow | undefined> {
  const query = ctx.tx
    .selectFrom("rollouts")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forNoKeyUpdate();
  return (skipLocked ? query.skipLocked() : query).executeTakeFirst();
}

/** Stores a look without a transition. */
export async function storeLook(ctx: TenantContext, id: string, change: RolloutChange): Promise<void> {
  await ctx.tx
    .updateTable("rollouts")
    .set({ ...change, evaluated_at: NOW })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .execute();
}

/** Compare-and-set: changes the row only if it is still at `version`. Undefined: somebody else has moved it. */
export async function compareAndSet(
  ctx: TenantContext,
  { id, version }: { id: string; version: number },
  change: RolloutChange,
): Promise<RolloutRow | undefined> {
  return ctx.tx
    .updateTable("rollouts")
    .set({ ...change, version: version + 1 })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .where("version", "=", version)
    .returningAll()
    .executeTakeFirst();
}

/** One row per version that a rollout had: the primary key refuses a second transition to the same one. */
export async function insertEvent(
  ctx: TenantContext,
  row: RolloutRow,
  { event, reason, evidence }: { event: string; reason: string; evidence: unknown },
): Promise<void> {
  const { actor } = ctx;
  await ctx.tx
    .insertInto("rollout_events")
    .values({
      organization_id: ctx.organizationId,
      rollout_id: row.id,
      version: row.version,
      event,
      stage: row.stage,
      share: row.share,
      reason,
      evidence: json(evidence),
      actor_kind: actor.kind,
      actor_id: actor.kind === "user" ? actor.userId : actor.kind === "machine" ? actor.keyId : null,
    })
    .execute();
}

export async function selectEvents(ctx: TenantContext, rolloutId: string): Promise<RolloutEventRow[]> {
  return ctx.tx
    .selectFrom("rollout_events")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("rollout_id", "=", rolloutId)
    .orderBy("version")
    .execute();
}

export interface RolloutFilter {
  limit: number;
  agentId?: string | undefined;
  status?: RolloutStatus | undefined;
  beforeId?: string | undefined;
}

/** Newest first; ids are UUIDv7: their order is the order of creation. */
export async function selectRollouts(ctx: TenantContext, filter: RolloutFilter): Promise<RolloutRow[]> {
  let query = ctx.tx.selectFrom("rollouts").selectAll().where("organization_id", "=", ctx.organizationId);
  if (filter.agentId !== undefined) query = query.where("agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

export async function selectRunningIds(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.tx
    .selectFrom("rollouts")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("status", "=", "running")
    .execute();
  return rows.map((row) => row.id);
}

interface Candidacy {
  candidate_version_id: string;
  environment: string;
}

/** How often this candidate has been rolled out in this environment before. A version's id stands for its content. */
export async function countEarlierAttempts(ctx: TenantContext, of: Candidacy): Promise<number> {
  const row = await ctx.tx
    .selectFrom("rollouts")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .where("organization_id", "=", ctx.organizationId)
    .where("candidate_version_id", "=", of.candidate_version_id)
    .where("environment", "=", of.environment)
    .where("started_at", "is not", null)
    .executeTakeFirstOrThrow();
  return row.n;
}

/** When this candidate was last rolled back in this environment; null: never. */
export async function selectLastRollback(ctx: TenantContext, of: Candidacy): Promise<Date | null> {
  const row = await ctx.tx
    .selectFrom("rollouts")
    .select(({ fn }) => fn.max("ended_at").as("at"))
    .where("organization_id", "=", ctx.organizationId)
    .where("candidate_version_id", "=", of.candidate_version_id)
    .where("environment", "=", of.environment)
    .where("status", "=", "rolled_back")
    .executeTakeFirst();
  return row?.at ?? null;
}

/** An experiment as far as a rollout needs to know it. */
export async function selectExperimentVerdict(
  ctx: TenantContext,
  id: string,
): Promise<
  | { agentId: string; treatmentVersionId: string; winner: string | null; significance: number | null }
  | undefined
> {
  const row = await ctx.tx
    .selectFrom("learning_experiments")
    .select(["agent_id", "treatment_version_id", "winning_version_id", "winner", "statistical_significance"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        agentId: row.agent_id,
        treatmentVersionId: row.winning_version_id ?? row.treatment_version_id,
        winner: row.winner,
        significance: row.statistical_significance,
      };
}

/** Deletes up to `limit` noted changes of sums that belong to rollouts which have ended. @returns how many */
export async function deleteLateChanges(ctx: TenantContext, limit: number): Promise<number> {
  const organization = ctx.organizationId;
  // From one subject with notes to the next by the key: there are few of them, however many rollouts have ended.
  const { numAffectedRows } = await sql`
    WITH RECURSIVE subjects AS (
      (SELECT subject_id FROM unit_changes WHERE organization_id = ${organization} ORDER BY subject_id LIMIT 1)
      UNION ALL
      SELECT (SELECT c.subject_id FROM unit_changes c WHERE c.organization_id = ${organization} AND c.subject_id > s.subject_id
        ORDER BY c.subject_id LIMIT 1) FROM subjects s WHERE s.subject_id IS NOT NULL
    ), late AS MATERIALIZED (
      SELECT c.subject_id, c.id FROM subjects s
      JOIN rollouts r ON r.organization_id = ${organization} AND r.id = s.subject_id AND r.ended_at IS NOT NULL
      JOIN unit_changes c ON c.organization_id = ${organization} AND c.subject_id = r.id
      LIMIT ${limit}
    )
    DELETE FROM unit_changes c USING late l
    WHERE c.organization_id = ${organization} AND c.subject_id = l.subject_id AND c.id = l.id`.execute(
    ctx.tx,
  );
  return Number(numAffectedRows ?? 0n);
}

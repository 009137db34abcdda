import type { TaskKind } from "@agent-learning/contract";
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AnnotationTasksTable } from "../../database/schema.ts";
import { inIndexOrder } from "./index-order.ts";
import { rankIn, type Stage, STAGE_RANKS, STAGES } from "./priority.ts";

export type TaskRow = Selectable<AnnotationTasksTable>;

/** What somebody may be given. */
export interface ClaimFilter {
  userId: string;
  agentId?: string | undefined;
  /** The priority of one example type. */
  priority?: number | undefined;
  /** undefined: what no queue took. */
  queueId?: string | undefined;
  kinds: readonly TaskKind[];
}

const NOW = sql<Date>`(SELECT learning_now())`;

/** The best task among these that the person may have and nobody else is taking, claimed. Waits for nobody's row. */
async function claimAmong(
  ctx: TenantContext,
  ids: readonly string[],
  filter: ClaimFilter,
  leaseSeconds: number,
): Promise<TaskRow | undefined> {
  // Row by row in the order of the ids, so that it stops at the first, and materialised: as a subquery of the update it would
  // run again for each row that it is compared with, and claim them all.
  const { rows } = await sql<TaskRow>`
    WITH picked AS MATERIALIZED (
      SELECT q.id FROM unnest(${ids}::uuid[]) AS near(id)
      CROSS JOIN LATERAL (
        SELECT q.id FROM annotation_tasks q
        WHERE q.organization_id = ${ctx.organizationId} AND q.id = near.id
          AND (q.status = 'open' OR (q.status = 'claimed' AND q.lease_expires_at <= ${NOW}))
          AND q.kind = ANY(${filter.kinds})
          AND q.contributor_id IS DISTINCT FROM ${filter.userId}::uuid
          AND NOT q.deferred_by ? ${filter.userId}::text
          AND (
            SELECT mine.id FROM annotation_tasks mine
            WHERE mine.organization_id = q.organization_id AND mine.learning_example_id = q.learning_example_id
              AND mine.claimed_by = ${filter.userId} AND mine.status IN ('claimed', 'completed') AND mine.id <> q.id
            LIMIT 1) IS NULL
        FOR UPDATE SKIP LOCKED
      ) AS q LIMIT 1
    )
    UPDATE annotation_tasks t
    SET status = 'claimed', claimed_by = ${filter.userId}, fencing_token = t.fencing_token + 1,
      claimed_at = ${NOW}, lease_expires_at = ${NOW} + make_interval(secs => ${leaseSeconds})
    FROM picked
    WHERE t.organization_id = ${ctx.organizationId} AND t.id = picked.id
    RETURNING t.*`.execute(ctx.tx);
  return rows[0];
}

interface Place {
  queue_rank: number;
  id: string;
}

/**
 * The next tasks of a stretch of the queue that nobody holds, in order, whoever they are for. Thousands of live leases are passed over
 * here, in one statement, rather than window by window.
 */
async function readPlaces(
  ctx: TenantContext,
  filter: Pick<ClaimFilter, "agentId" | "priority" | "queueId">,
  stage: Stage,
  after: Place | undefined,
): Promise<Place[]> {
  const agent = filter.agentId === undefined ? sql`` : sql`AND q.agent_id = ${filter.agentId}`;
  const stretch = STAGE_RANKS[stage];
  const ranks =
    filter.priority === undefined
      ? sql`q.queue_rank BETWEEN ${stretch.from}::int AND ${stretch.to}::int`
      : sql`q.queue_rank = ${rankIn(stage, filter.priority)}::int`;
  const from =
    after === undefined
      ? sql``
      : sql`AND (q.queue_rank, q.id) > (${after.queue_rank}::int, ${after.id}::uuid)`;
  const { rows } = await sql<Place>`
    SELECT q.queue_rank, q.id FROM annotation_tasks q
    WHERE q.organization_id = ${ctx.organizationId} ${inQueue(filter.queueId)} ${agent} AND ${ranks} ${from}
      AND (q.status = 'open' OR q.lease_expires_at <= ${NOW})
    ORDER BY q.queue_rank, q.id LIMIT ${WINDOW}`.execute(ctx.tx);
  return rows;
}

/** What is in a queue; undefined: in none. */
export function inQueue(queueId: string | undefined): RawBuilder<unknown> {
  return queueId === undefined ? sql`AND q.queue_id IS NULL` : sql`AND q.queue_id = ${queueId}::uuid`;
}

/** Places looked at together. */
const WINDOW = 200;

async function claimFrom(
  ctx: TenantContext,
  filter: ClaimFilter,
  leaseSeconds: number,
  stage: Stage,
  windows: number,
): Promise<TaskRow | undefined> {
  let after: Place | undefined;
  for (let window = 0; window < windows; window += 1) {
    const places = await readPlaces(ctx, filter, stage, after);
    if (places.length === 0) return undefined;
    const ids = places.map(({ id }) => id);
    const task = await claimAmong(ctx, ids, filter, leaseSeconds);
    if (task !== undefined || places.length < WINDOW) return task;
    after = places.at(-1);
  }
  return undefined;
}

/** One claim of a person at a time, so that two of them cannot take two slots of one example. */
export async function lockAnnotator(ctx: TenantContext, userId: string): Promise<void> {
  const name = `annotator:${ctx.organizationId}:${userId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx);
}

/**
 * Takes the next task for a person under a lease, or undefined when there is none for them. What others have begun comes
 * first, as far as one window shows it: those tasks are few, or they are of examples that this very person has annotated,
 * and a lone annotator must not walk past all they have ever done. Only when nothing fresh is left are all of them looked at.
 */
export async function claimNext(
  ctx: TenantContext,
  filter: ClaimFilter,
  leaseSeconds: number,
): Promise<TaskRow | undefined> {
  const stages = STAGES.filter((stage) =>
    filter.kinds.includes(stage === "adjudication" ? "adjudication" : "annotation"),
  );
  const task = await inIndexOrder(ctx, async () => {
    for (const windows of [1, Number.POSITIVE_INFINITY]) {
      for (const stage of stages) {
        const limit = stage === "first" ? Number.POSITIVE_INFINITY : windows;
        const found = await claimFrom(ctx, filter, leaseSeconds, stage, limit);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  });
  if (task !== undefined) await openNextSlot(ctx, task);
  return task;
}

/** Lets the slot after a task's be claimed. Skips a row that somebody holds: completing the task does it again. */
async function openNextSlot(ctx: TenantContext, task: TaskRow): Promise<void> {
  if (task.slot === 0) return;
  await sql`
    WITH following AS MATERIALIZED (
      SELECT organization_id, id FROM annotation_tasks
      WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ${task.learning_example_id}
        AND slot = ${task.slot + 1} AND status = 'waiting' FOR UPDATE SKIP LOCKED
    )
    UPDATE annotation_tasks t SET status = 'open' FROM following
    WHERE t.organization_id = following.organization_id AND t.id = following.id`.execute(ctx.tx);
}

/** The task, if the caller's lease on it is the newest. A lease that ran out counts while nobody else has claimed. */
function leaseWhere(ctx: TenantContext, lease: Lease): RawBuilder<unknown> {
  return sql`organization_id = ${ctx.organizationId} AND id = ${lease.taskId} AND claimed_by = ${lease.userId}
    AND fencing_token = ${lease.fencingToken} AND status = 'claimed'`;
}

export interface Lease {
  taskId: string;
  userId: string;
  fencingToken: number;
}

/** @returns undefined when the lease is not the caller's newest */
export async function extendLease(
  ctx: TenantContext,
  lease: Lease,
  seconds: number,
): Promise<TaskRow | undefined> {
  const { rows } = await sql<TaskRow>`
    UPDATE annotation_tasks SET lease_expires_at = ${NOW} + make_interval(secs => ${seconds})
    WHERE ${leaseWhere(ctx, lease)} RETURNING *`.execute(ctx.tx);
  return rows[0];
}

/** Gives a task back; with a reason, the person is not offered it again. */
export async function giveBack(
  ctx: TenantContext,
  lease: Lease,
  reason: string | undefined,
): Promise<TaskRow | undefined> {
  const deferral =
    reason === undefined
      ? sql``
      : sql`, defer_reason = ${reason}, deferred_by = deferred_by || to_jsonb(${lease.userId}::text)`;
  const { rows } = await sql<TaskRow>`
    UPDATE annotation_tasks SET status = 'open', claimed_by = NULL, lease_expires_at = NULL ${deferral}
    WHERE ${leaseWhere(ctx, lease)} RETURNING *`.execute(ctx.tx);
  return rows[0];
}

export async function readTask(ctx: TenantContext, id: string): Promise<TaskRow | undefined> {
  return ctx.tx
    .selectFrom("annotation_tasks")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export interface LockedTask extends TaskRow {
  /** The lease has run out. */
  lapsed: boolean;
}

/** Every task of an example, locked, by slot. The caller holds the example's row. */
export async function lockTasks(ctx: TenantContext, exampleId: string): Promise<LockedTask[]> {
  const { rows } = await sql<LockedTask>`
    SELECT *, COALESCE(lease_expires_at <= ${NOW}, false) AS lapsed FROM annotation_tasks
    WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ${exampleId}
    ORDER BY slot FOR UPDATE`.execute(ctx.tx);
  return rows;
}

/** Closes a task as this person's, and opens the next slot. */
export async function completeTask(ctx: TenantContext, task: TaskRow, userId: string): Promise<void> {
  await sql`
    UPDATE annotation_tasks
    SET status = 'completed', claimed_by = ${userId}, completed_at = ${NOW}, lease_expires_at = NULL,
      fencing_token = fencing_token + CASE WHEN claimed_by = ${userId} THEN 0 ELSE 1 END
    WHERE organization_id = ${ctx.organizationId} AND id = ${task.id}`.execute(ctx.tx);
  await openNextSlot(ctx, task);
}

export async function insertAdjudication(ctx: TenantContext, task: TaskRow, id: string): Promise<void> {
  await ctx.tx
    .insertInto("annotation_tasks")
    .values({
      organization_id: ctx.organizationId,
      id,
      learning_example_id: task.learning_example_id,
      agent_id: task.agent_id,
      contributor_id: task.contributor_id,
      slot: 0,
      kind: "adjudication",
      priority: task.priority,
      queue_id: task.queue_id,
    })
    .execute();
}

/** Cancels what is still wanted of these examples. @returns how many tasks, by example; gold was not asked for by anybody */
export async function cancelTasks(
  ctx: TenantContext,
  exampleIds: readonly string[],
): Promise<Map<string, number>> {
  if (exampleIds.length === 0) return new Map();
  const { rows } = await sql<{ learning_example_id: string; is_gold: boolean }>`
    UPDATE annotation_tasks
    SET status = 'cancelled', lease_expires_at = NULL, claimed_by = NULL, fencing_token = fencing_token + 1
    WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ANY(${exampleIds}::uuid[])
      AND status IN ('waiting', 'open', 'claimed')
    RETURNING learning_example_id, is_gold`.execute(ctx.tx);
  const counts = new Map<string, number>();
  for (const row of rows.filter(({ is_gold }) => !is_gold))
    counts.set(row.learning_example_id, (counts.get(row.learning_example_id) ?? 0) + 1);
  return counts;
}

/** Wants again what was cancelled, unless the example is gold. @returns how many tasks */
export async function reopenTasks(ctx: TenantContext, exampleId: string): Promise<number> {
  const { rows } = await sql`
    UPDATE annotation_tasks t
    SET status = CASE WHEN t.slot = 0 OR t.slot = (
        SELECT MIN(f.slot) FROM annotation_tasks f
        WHERE f.organization_id = t.organization_id AND f.learning_example_id = t.learning_example_id
          AND f.slot > 0 AND f.status = 'cancelled' AND NOT f.is_gold)
      THEN 'open' ELSE 'waiting' END
    WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = ${exampleId} AND t.status = 'cancelled'
      AND NOT t.is_gold AND NOT EXISTS (SELECT 1 FROM gold_answers g
        WHERE g.organization_id = t.organization_id AND g.learning_example_id = t.learning_example_id AND g.retired_at IS NULL)
    RETURNING t.id`.execute(ctx.tx);
  return rows.length;
}

/** Makes the leases on an example stale: its texts have changed under whoever is reading it. */
export async function revokeLeases(ctx: TenantContext, exampleIds: readonly string[]): Promise<void> {
  if (exampleIds.length === 0) return;
  await sql`
    UPDATE annotation_tasks
    SET status = 'open', claimed_by = NULL, lease_expires_at = NULL, fencing_token = fencing_token + 1
    WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ANY(${exampleIds}::uuid[])
      AND status = 'claimed'`.execute(ctx.tx);
}

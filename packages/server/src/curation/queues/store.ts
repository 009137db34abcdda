import type { CreateQueue, QueuePerson, UpdateQueue } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { QueueRow } from "../annotations/index.ts";
import { inIndexOrder } from "../tasks/index.ts";

export async function insertQueue(
  ctx: TenantContext,
  queue: CreateQueue & { id: string; agentId: string; createdBy: string | null },
): Promise<QueueRow> {
  return ctx.tx
    .insertInto("annotation_queues")
    .values({
      organization_id: ctx.organizationId,
      id: queue.id,
      agent_id: queue.agentId,
      name: queue.name,
      filter: json(queue.filter),
      overlap: queue.overlap,
      ordering: queue.ordering,
      guidelines: queue.guidelines ?? null,
      gold_share: queue.gold_share,
      created_by: queue.createdBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function readQueueByName(
  ctx: TenantContext,
  agentId: string,
  name: string,
): Promise<QueueRow | undefined> {
  return ctx.tx
    .selectFrom("annotation_queues")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("name", "=", name)
    .executeTakeFirst();
}

export async function lockQueue(ctx: TenantContext, id: string): Promise<QueueRow | undefined> {
  return ctx.tx
    .selectFrom("annotation_queues")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

export async function changeQueue(ctx: TenantContext, id: string, change: UpdateQueue): Promise<QueueRow> {
  const { filter, ...rest } = change;
  const columns = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return ctx.tx
    .updateTable("annotation_queues")
    .set({
      ...columns,
      ...(filter === undefined ? {} : { filter: json(filter) }),
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first; ids are UUIDv7. */
export async function readQueues(
  ctx: TenantContext,
  filter: { agentId: string | undefined; beforeId: string | undefined; limit: number },
): Promise<QueueRow[]> {
  let query = ctx.tx
    .selectFrom("annotation_queues")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId);
  if (filter.agentId !== undefined) query = query.where("agent_id", "=", filter.agentId);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

/** Tasks of a queue in one state, counted up to a limit. */
export async function countTasks(
  ctx: TenantContext,
  queueId: string,
  state: "in_queue" | "waiting",
  limit: number,
): Promise<number> {
  // What is in the queue has a rank, what waits has none: both lie together in the index.
  const where =
    state === "in_queue"
      ? sql`queue_rank BETWEEN -1999 AND 1000`
      : sql`queue_rank IS NULL AND status = 'waiting'`;
  const { rows } = await inIndexOrder(ctx, () =>
    sql<{ count: number }>`
      SELECT count(*)::int AS count FROM (
        SELECT 1 FROM annotation_tasks WHERE organization_id = ${ctx.organizationId} AND queue_id = ${queueId}
          AND NOT is_gold AND ${where} ORDER BY queue_rank, id LIMIT ${limit}) AS counted`.execute(ctx.tx),
  );
  return rows[0]?.count ?? 0;
}

/** What each person did in a queue in the last days, from its newest annotations. */
export async function readPeople(
  ctx: TenantContext,
  queueId: string,
  days: number,
  limit: number,
): Promise<QueuePerson[]> {
  const since = await sql<{ since: Date }>`
    SELECT date_trunc('day', learning_now(), 'UTC') - make_interval(days => ${days - 1}::int) AS since`.execute(
    ctx.tx,
  );
  const { rows } = await inIndexOrder(ctx, () =>
    sql<QueuePerson>`
      SELECT done.expert_id AS user_id, u.display_name, done.annotations, done.annotations_per_day, done.approved_share,
        done.median_seconds, 0 AS claimed
      FROM (
        SELECT a.expert_id, count(*)::int AS annotations,
          count(*)::float8 / count(DISTINCT (a.created_at AT TIME ZONE 'UTC')::date) AS annotations_per_day,
          avg((a.decision = 'approve')::int)::float8 AS approved_share,
          percentile_cont(0.5) WITHIN GROUP (ORDER BY a.seconds_spent)::float8 AS median_seconds
        FROM (SELECT * FROM expert_annotations WHERE organization_id = ${ctx.organizationId} AND queue_id = ${queueId}
          AND created_at >= ${since.rows[0]?.since} ORDER BY created_at DESC LIMIT ${limit}) AS a
        GROUP BY a.expert_id) AS done
      CROSS JOIN LATERAL (
        SELECT display_name FROM users WHERE organization_id = ${ctx.organizationId} AND id = done.expert_id OFFSET 0) AS u`.execute(
      ctx.tx,
    ),
  );
  return rows;
}

/** Live leases in a queue, by person. */
export async function readLeases(
  ctx: TenantContext,
  queueId: string,
  agentId: string,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ user_id: string; claimed: number }>`
    SELECT c.claimed_by AS user_id, count(*)::int AS claimed FROM (
      SELECT * FROM annotation_tasks WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}
        AND status = 'claimed' OFFSET 0) AS c
    WHERE c.queue_id = ${queueId} AND c.lease_expires_at > (SELECT learning_now()) GROUP BY c.claimed_by`.execute(
    ctx.tx,
  );
  return new Map(rows.map(({ user_id, claimed }) => [user_id, claimed]));
}

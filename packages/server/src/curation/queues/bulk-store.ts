import type { BulkAction, BulkSelection } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { inIndexOrder, matchesQueue, type TaskRow } from "../tasks/index.ts";

/** What a bulk decision is about, its references found. */
export interface BulkScope {
  agentId: string;
  selection: BulkSelection;
  action: BulkAction;
  /** To move: where to; null: to no queue. */
  toQueueId: string | null | undefined;
  /** Who decides; null for a machine, which may only move. */
  userId: string | null;
  asOf: Date;
}

const task = (ctx: TenantContext, condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`EXISTS (
  SELECT 1 FROM annotation_tasks t WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = x.id
    AND NOT t.is_gold AND ${condition})`;
const WANTED = sql`t.status IN ('waiting', 'open', 'claimed')`;

/** What the action leaves to be done: what it has done fits no more, so that a call that is repeated goes on. */
function undone(ctx: TenantContext, scope: BulkScope): RawBuilder<unknown> {
  const isWanted = task(ctx, WANTED);
  const elsewhere = sql`${WANTED} AND t.queue_id IS DISTINCT FROM ${scope.toQueueId ?? null}::uuid`;
  // Nobody decides on their own contribution, nor twice on one example.
  const undecided = sql`AND x.source_user_id IS DISTINCT FROM ${scope.userId}::uuid AND NOT EXISTS (
    SELECT 1 FROM expert_annotations a WHERE a.organization_id = ${ctx.organizationId} AND a.learning_example_id = x.id
      AND a.expert_id = ${scope.userId}::uuid)`;
  const conditions: Readonly<Record<BulkAction, RawBuilder<unknown>>> = {
    approve: undecided,
    reject: undecided,
    skip: sql`AND ${isWanted}`,
    requeue: sql`AND NOT ${isWanted} AND ${task(ctx, sql`t.status = 'cancelled'`)}`,
    move: sql`AND ${task(ctx, elsewhere)}`,
  };
  return conditions[scope.action];
}

function fits(ctx: TenantContext, scope: BulkScope): RawBuilder<unknown> {
  const { selection } = scope;
  const inQueue =
    selection.queue_id === undefined
      ? sql``
      : sql`AND ${task(ctx, sql`t.queue_id IS NOT DISTINCT FROM ${selection.queue_id}::uuid`)}`;
  const before =
    selection.created_before === undefined
      ? sql``
      : sql`AND x.created_at < ${selection.created_before}::timestamptz`;
  return sql`x.is_active AND date_trunc('milliseconds', x.created_at) <= ${scope.asOf} ${before} ${matchesQueue(selection)} ${inQueue} ${undone(ctx, scope)}
    AND NOT EXISTS (SELECT 1 FROM gold_answers g WHERE g.organization_id = ${ctx.organizationId}
      AND g.learning_example_id = x.id AND g.retired_at IS NULL)`;
}

/** Examples in review that fit, newest first within each status, up to a limit. */
export async function readFitting(ctx: TenantContext, scope: BulkScope, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (const status of ["in_review", "pending"]) {
    if (ids.length >= limit) break;
    const { rows } = await inIndexOrder(ctx, () =>
      sql<{ id: string }>`
        SELECT x.id FROM learning_examples x
        WHERE x.organization_id = ${ctx.organizationId} AND x.agent_id = ${scope.agentId} AND x.review_status = ${status}
          AND ${fits(ctx, scope)} ORDER BY x.id DESC LIMIT ${limit - ids.length}`.execute(ctx.tx),
    );
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

/** Of these examples those that still fit, locked in the order of their ids, so that two bulk decisions do not cross. */
export async function lockFitting(
  ctx: TenantContext,
  scope: BulkScope,
  ids: readonly string[],
): Promise<string[]> {
  const { rows: locked } = await sql<{ id: string }>`
    SELECT id FROM learning_examples WHERE organization_id = ${ctx.organizationId} AND id = ANY(${ids}::uuid[])
    ORDER BY id FOR UPDATE`.execute(ctx.tx);
  // In a statement of its own: what committed while the locks were waited for must be seen.
  const { rows } = await sql<{ id: string }>`
    SELECT x.id FROM unnest(${locked.map(({ id }) => id)}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_examples e WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x
    WHERE x.review_status IN ('pending', 'in_review') AND ${fits(ctx, scope)}`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/**
 * The adjudication that a bulk decision stands in for: the example's own, or a new one. What else is wanted is cancelled.
 * @returns the task, and by how much the annotations that are wanted have changed before it is completed
 */
export async function takeAdjudication(
  ctx: TenantContext,
  tasks: readonly TaskRow[],
): Promise<{ task: TaskRow; change: number } | undefined> {
  const [first] = tasks;
  if (first === undefined) return undefined;
  const { rows: cancelled } = await sql`
    UPDATE annotation_tasks
    SET status = 'cancelled', lease_expires_at = NULL, claimed_by = NULL, fencing_token = fencing_token + 1
    WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ${first.learning_example_id} AND slot > 0
      AND status IN ('waiting', 'open', 'claimed') RETURNING id`.execute(ctx.tx);
  const own = tasks.find(({ slot }) => slot === 0);
  if (own !== undefined && own.status !== "cancelled") return { task: own, change: -cancelled.length };
  const { rows } = await sql<TaskRow>`
    INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, kind, priority, contributor_id, queue_id)
    VALUES (${ctx.organizationId}, ${newId()}, ${first.learning_example_id}, ${first.agent_id}, 0, 'adjudication', ${first.priority},
      ${first.contributor_id}, ${first.queue_id})
    ON CONFLICT (organization_id, learning_example_id, slot) DO UPDATE SET status = 'open'
    RETURNING *`.execute(ctx.tx);
  const made = rows[0];
  return made === undefined ? undefined : { task: made, change: 1 - cancelled.length };
}

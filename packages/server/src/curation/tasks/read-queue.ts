import type { TaskKind } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { inIndexOrder } from "./index-order.ts";
import { rankIn, STAGE_RANKS, STAGES } from "./priority.ts";
import { inQueue, type TaskRow } from "./store.ts";

export interface QueueFilter {
  agentId?: string | undefined;
  /** The priority of one example type. */
  priority?: number | undefined;
  kind?: TaskKind | undefined;
  /** undefined: what no queue took. */
  queueId?: string | undefined;
  state: "claimable" | "claimed" | "all";
  /** Where the page before ended. */
  after?: { queue_rank: number; id: string } | undefined;
  limit: number;
}

const STATES = {
  claimable: sql`AND (q.status = 'open' OR q.lease_expires_at <= (SELECT learning_now()))`,
  claimed: sql``,
  all: sql``,
};

/** Where the rows come from: those under a lease have an index of their own, and are few. */
function sourceOf(ctx: TenantContext, filter: QueueFilter): RawBuilder<unknown> {
  if (filter.state !== "claimed") return sql`annotation_tasks q`;
  return sql`(SELECT * FROM annotation_tasks c WHERE c.organization_id = ${ctx.organizationId}
    AND c.status = 'claimed' AND c.lease_expires_at > (SELECT learning_now()) OFFSET 0) q`;
}

async function readStretch(
  ctx: TenantContext,
  filter: QueueFilter,
  ranks: { from: number; to: number },
): Promise<TaskRow[]> {
  const agent = filter.agentId === undefined ? sql`` : sql`AND q.agent_id = ${filter.agentId}`;
  const after =
    filter.after === undefined
      ? sql``
      : sql`AND (q.queue_rank, q.id) > (${filter.after.queue_rank}::int, ${filter.after.id}::uuid)`;
  const { rows } = await sql<TaskRow>`
    SELECT q.* FROM ${sourceOf(ctx, filter)}
    WHERE q.organization_id = ${ctx.organizationId} ${inQueue(filter.queueId)} ${agent} AND q.queue_rank BETWEEN ${ranks.from}::int AND ${ranks.to}::int ${STATES[filter.state]} ${after}
    ORDER BY q.queue_rank, q.id LIMIT ${filter.limit}`.execute(ctx.tx);
  return rows;
}

async function readStretches(ctx: TenantContext, filter: QueueFilter): Promise<TaskRow[]> {
  const { priority, kind } = filter;
  if (priority === undefined && kind === undefined)
    return readStretch(ctx, filter, { from: -1999, to: 1000 });
  // One stretch of the index after the other, each in order, rather than a sort of everything of that type.
  const rows: TaskRow[] = [];
  for (const stage of STAGES) {
    if (kind !== undefined && (kind === "adjudication") !== (stage === "adjudication")) continue;
    const rank = priority === undefined ? undefined : rankIn(stage, priority);
    const ranks = rank === undefined ? STAGE_RANKS[stage] : { from: rank, to: rank };
    const limit = filter.limit - rows.length;
    if (limit > 0) rows.push(...(await readStretch(ctx, { ...filter, limit }, ranks)));
  }
  return rows;
}

/** Tasks in the order in which they are handed out; those that wait for their turn are not among them. */
export function readQueue(ctx: TenantContext, filter: QueueFilter): Promise<TaskRow[]> {
  if (filter.state === "claimed") return readStretches(ctx, filter);
  return inIndexOrder(ctx, () => readStretches(ctx, filter));
}

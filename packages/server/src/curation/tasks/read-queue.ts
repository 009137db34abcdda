import type { TaskKind } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { TaskRow } from "./store.ts";

export interface QueueFilter {
  agentId?: string | undefined;
  /** The priority of one example type. */
  priority?: number | undefined;
  kind?: TaskKind | undefined;
  state: "claimable" | "claimed" | "all";
  /** Where the page before ended. */
  after?: { queue_rank: number; id: string } | undefined;
  limit: number;
}

const STATES = {
  claimable: sql`AND (q.status = 'open' OR q.lease_expires_at <= (SELECT learning_now()))`,
  claimed: sql`AND q.status = 'claimed' AND q.lease_expires_at > (SELECT learning_now())`,
  all: sql``,
};

async function readStretch(
  ctx: TenantContext,
  filter: QueueFilter,
  ranks: { from: number; to: number },
): Promise<TaskRow[]> {
  const agent = filter.agentId === undefined ? sql`` : sql`AND q.agent_id = ${filter.agentId}`;
  const kind = filter.kind === undefined ? sql`` : sql`AND q.kind = ${filter.kind}`;
  const after =
    filter.after === undefined
      ? sql``
      : sql`AND (q.queue_rank, q.id) > (${filter.after.queue_rank}::int, ${filter.after.id}::uuid)`;
  const { rows } = await sql<TaskRow>`
    SELECT q.* FROM annotation_tasks q
    WHERE q.organization_id = ${ctx.organizationId} ${agent} AND q.status IN ('open', 'claimed')
      AND q.queue_rank BETWEEN ${ranks.from}::int AND ${ranks.to}::int ${kind} ${STATES[filter.state]} ${after}
    ORDER BY q.queue_rank, q.id LIMIT ${filter.limit}`.execute(ctx.tx);
  return rows;
}

/** Tasks in the order in which they are handed out; those that wait for their turn are not among them. */
export async function readQueue(ctx: TenantContext, filter: QueueFilter): Promise<TaskRow[]> {
  if (filter.priority === undefined) return readStretch(ctx, filter, { from: -999, to: 1000 });
  // Two stretches of the index, each in order, rather than a sort of everything of that type.
  const begun = await readStretch(ctx, filter, { from: -filter.priority, to: -filter.priority });
  if (begun.length === filter.limit || filter.kind === "adjudication") return begun;
  const rank = 1000 - filter.priority;
  const first = await readStretch(
    ctx,
    { ...filter, limit: filter.limit - begun.length },
    { from: rank, to: rank },
  );
  return [...begun, ...first];
}

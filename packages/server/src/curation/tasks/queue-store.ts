import type { AgentPolicy, QueueFilter, QueueOrdering } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { matchesQueue } from "./queue-filter.ts";
import { slotsFor } from "./slots.ts";
import type { TaskRow } from "./store.ts";

/** What of a queue decides on new examples. */
export interface ActiveQueue {
  id: string;
  agent_id: string;
  filter: QueueFilter;
  overlap: number;
  ordering: QueueOrdering;
}

/** Queues of these agents that take new examples, oldest first. */
export async function readActiveQueues(
  ctx: TenantContext,
  agentIds: readonly string[],
): Promise<ActiveQueue[]> {
  const { rows } = await sql<ActiveQueue>`
    SELECT q.id, q.agent_id, q.filter, q.overlap, q.ordering FROM unnest(${[...new Set(agentIds)]}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM annotation_queues a WHERE a.organization_id = ${ctx.organizationId} AND a.agent_id = wanted.id OFFSET 0) AS q
    WHERE q.is_active ORDER BY q.id`.execute(ctx.tx);
  return rows;
}

/** Those of the examples that a filter takes. */
export async function readMatching(
  ctx: TenantContext,
  filter: QueueFilter,
  exampleIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT x.id FROM unnest(${exampleIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM learning_examples e WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x
    WHERE true ${matchesQueue(filter)}`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/**
 * Puts what is still wanted of examples into a queue, as many annotations of each as it wants.
 * @param queue null: into none, with the agent's own overlap
 * @returns by how many the annotations that are wanted have grown
 */
export async function placeInQueue(
  ctx: TenantContext,
  queue: ActiveQueue | null,
  exampleIds: readonly string[],
  policy: AgentPolicy["training"],
): Promise<number> {
  if (exampleIds.length === 0) return 0;
  const ordering = queue?.ordering ?? "type";
  const byType = sql`(CASE x.example_type WHEN 'correction' THEN 70 WHEN 'demonstration' THEN 60 WHEN 'negative' THEN 50
    WHEN 'preference' THEN 40 WHEN 'edge_case' THEN 30 WHEN 'failure' THEN 20 ELSE 10 END)`;
  const priority = {
    type: byType,
    age: sql`0`,
    uncertainty: sql`round(999 * (1 - COALESCE(x.confidence_score, 0.5)))::int`,
  }[ordering];
  await sql`
    UPDATE annotation_tasks t SET queue_id = ${queue?.id ?? null}::uuid, priority = ${priority}
    FROM unnest(${exampleIds}::uuid[]) AS wanted(id)
    JOIN learning_examples x ON x.organization_id = ${ctx.organizationId} AND x.id = wanted.id
    WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = wanted.id AND NOT t.is_gold
      AND t.status IN ('waiting', 'open', 'claimed', 'cancelled')`.execute(ctx.tx);
  const share = { double_annotation_share: policy.double_annotation_share };
  const overlap = queue?.overlap ?? policy.annotation_overlap;
  const wanted = exampleIds.map((id) => ({
    id,
    slots: slotsFor(id, { ...share, annotation_overlap: overlap }),
  }));
  const { rows: removed } = await sql`
    DELETE FROM annotation_tasks t USING json_to_recordset(${JSON.stringify(wanted)}::json) AS w(id uuid, slots int)
    WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = w.id AND t.slot > w.slots
      AND t.status = 'waiting' AND NOT t.is_gold RETURNING t.id`.execute(ctx.tx);
  return (await addSlots(ctx, wanted)) - removed.length;
}

async function addSlots(
  ctx: TenantContext,
  wanted: readonly { id: string; slots: number }[],
): Promise<number> {
  const { rows } = await sql<{ id: string; slots: number; last: number; queue_id: string | null }>`
    SELECT w.id, w.slots, t.slot AS last, t.queue_id FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS w(id uuid, slots int)
    CROSS JOIN LATERAL (
      SELECT slot, queue_id FROM annotation_tasks l
      WHERE l.organization_id = ${ctx.organizationId} AND l.learning_example_id = w.id AND NOT l.is_gold AND l.kind = 'annotation'
      ORDER BY slot DESC LIMIT 1) AS t
    WHERE t.slot < w.slots`.execute(ctx.tx);
  const slots = rows.flatMap(({ id, last, slots: most }) =>
    Array.from({ length: most - last }, (_, index) => ({ id: newId(), example: id, slot: last + index + 1 })),
  );
  if (slots.length === 0) return 0;
  // The first new one is somebody's turn as soon as the one before it is taken.
  const { rows: added } = await sql`
    INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, status, priority, contributor_id, queue_id)
    SELECT t.organization_id, s.id, t.learning_example_id, t.agent_id, s.slot,
      CASE WHEN t.slot = s.slot - 1 AND t.status IN ('claimed', 'completed', 'cancelled') THEN 'open' ELSE 'waiting' END,
      t.priority, t.contributor_id, t.queue_id
    FROM json_to_recordset(${JSON.stringify(slots)}::json) AS s(id uuid, example uuid, slot int)
    CROSS JOIN LATERAL (
      SELECT * FROM annotation_tasks l
      WHERE l.organization_id = ${ctx.organizationId} AND l.learning_example_id = s.example AND NOT l.is_gold AND l.kind = 'annotation'
      ORDER BY l.slot DESC LIMIT 1) AS t
    ON CONFLICT (organization_id, learning_example_id, slot) DO NOTHING RETURNING id`.execute(ctx.tx);
  return added.length;
}

/**
 * Sends new examples each to the first of its agent's queues that wants it.
 * @returns by how many the annotations that are wanted have grown, by agent
 */
export async function routeToQueues(
  ctx: TenantContext,
  examples: readonly { id: string; agent_id: string }[],
  policyOf: (agentId: string) => AgentPolicy,
): Promise<Map<string, number>> {
  const grown = new Map<string, number>();
  const queues = await readActiveQueues(
    ctx,
    examples.map(({ agent_id }) => agent_id),
  );
  const rest = new Map(examples.map(({ id, agent_id }) => [id, agent_id]));
  for (const queue of queues) {
    const candidates = [...rest].filter(([, agentId]) => agentId === queue.agent_id).map(([id]) => id);
    if (candidates.length === 0) continue;
    const taken = await readMatching(ctx, queue.filter, candidates);
    for (const id of taken) rest.delete(id);
    const more = await placeInQueue(ctx, queue, taken, policyOf(queue.agent_id).training);
    grown.set(queue.agent_id, (grown.get(queue.agent_id) ?? 0) + more);
  }
  return grown;
}

/** A task of a person's own for an example with a known answer, already theirs. The caller holds the example's row. */
export async function insertGoldTask(
  ctx: TenantContext,
  example: { id: string; agent_id: string; source_user_id: string | null; created_at: Date | null },
  holder: { userId: string; queueId: string; priority: number; leaseSeconds: number },
): Promise<TaskRow> {
  const { rows } = await sql<TaskRow>`
    INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, status, priority, contributor_id, queue_id,
      is_gold, claimed_by, claimed_at, lease_expires_at, fencing_token, created_at)
    SELECT ${ctx.organizationId}::uuid, ${newId()}::uuid, ${example.id}::uuid, ${example.agent_id}::uuid,
      COALESCE((SELECT MAX(slot) FROM annotation_tasks
        WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ${example.id}), 0) + 1,
      'claimed', ${holder.priority}::int, ${example.source_user_id}::uuid, ${holder.queueId}::uuid, true, ${holder.userId}::uuid,
      learning_now(), learning_now() + make_interval(secs => ${holder.leaseSeconds}), 1, COALESCE(${example.created_at}::timestamptz, learning_now())
    RETURNING *`.execute(ctx.tx);
  const task = rows[0];
  if (task === undefined) throw new Error("a gold task was not inserted");
  return task;
}

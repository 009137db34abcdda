import { randomInt } from "node:crypto";
import type { QueueFilter } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { type ExampleRow, lockExample } from "../examples/index.ts";
import { insertGoldTask, matchesQueue, priorityOf, type TaskRow } from "../tasks/index.ts";
import type { QueueRow } from "./find-queue.ts";

const PRECISION = 1_000_000;

/** A gold example of the queue's agent that the person may be asked, in an order of their own; undefined when they know all. */
async function pickGold(ctx: TenantContext, queue: QueueRow, userId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT g.learning_example_id AS id FROM gold_answers g
    JOIN learning_examples x ON x.organization_id = g.organization_id AND x.id = g.learning_example_id
    WHERE g.organization_id = ${ctx.organizationId} AND g.agent_id = ${queue.agent_id} AND g.retired_at IS NULL
      AND g.created_by IS DISTINCT FROM ${userId}::uuid AND x.source_user_id IS DISTINCT FROM ${userId}::uuid
      AND x.is_active AND x.review_status IN ('pending', 'in_review') ${matchesQueue(queue.filter as QueueFilter)}
      AND NOT EXISTS (
        SELECT 1 FROM annotation_tasks t
        WHERE t.organization_id = g.organization_id AND t.learning_example_id = g.learning_example_id
          AND ((t.claimed_by = ${userId} AND t.status IN ('claimed', 'completed')) OR t.deferred_by ? ${userId}::text))
    ORDER BY md5(g.learning_example_id::text || ${userId}::text) LIMIT 1`.execute(ctx.tx);
  return rows[0]?.id;
}

/**
 * With the queue's gold share as probability, a task of the person's own for an example whose answer is known; undefined
 * otherwise, and when they have been asked all there are. Nothing in it says so.
 */
export async function claimGold(
  ctx: TenantContext,
  queue: QueueRow,
  userId: string,
  leaseSeconds: number,
): Promise<{ task: TaskRow; example: ExampleRow } | undefined> {
  if (randomInt(PRECISION) >= queue.gold_share * PRECISION) return undefined;
  const id = await pickGold(ctx, queue, userId);
  if (id === undefined) return undefined;
  const example = await lockExample(ctx, id);
  if (example === undefined) throw new Error(`gold answer ${id} is for an example that is not there`);
  const type = example.example_type as Parameters<typeof priorityOf>[0];
  const holder = { userId, queueId: queue.id, priority: priorityOf(type), leaseSeconds };
  return { task: await insertGoldTask(ctx, example, holder), example };
}

import { type AnnotationQueueItem, type AnnotationQueueQuery } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, ProblemError, toPage } from "../../http/index.ts";
import { presentExample, readExamplesByIds } from "../examples/index.ts";
import { withoutPreference } from "./comparison.ts";
import { findQueue, requireOrderByType } from "./find-queue.ts";
import { presentTask, priorityOf, rankOf, readQueue, readTask, type TaskRow } from "../tasks/index.ts";

async function positionOf(
  ctx: TenantContext,
  cursor: string | undefined,
): Promise<{ queue_rank: number; id: string } | undefined> {
  if (cursor === undefined) return undefined;
  const task = await readTask(ctx, decodeCursor(cursor).id);
  if (task !== undefined) return { queue_rank: rankOf(task), id: task.id };
  throw new ProblemError(
    "malformed-request",
    "The cursor is not one of this queue. Start again without it.",
    {
      errors: [{ path: "query.cursor", message: "is not a cursor of this list" }],
    },
  );
}

/** Annotations that are wanted, in the order in which they are handed out, each with its example. Claims nothing. */
export async function listAnnotationQueue({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: AnnotationQueueQuery;
}): Promise<{ data: AnnotationQueueItem[]; next_cursor: string | null }> {
  const agent =
    input.agent_id === undefined ? undefined : await findAgent(ctx, input.agent_id, "query.agent_id");
  const queue =
    input.queue_id === undefined ? undefined : await findQueue(ctx, input.queue_id, "query.queue_id");
  requireOrderByType(queue, input.example_type, "query.example_type");
  const rows = await readQueue(ctx, {
    agentId: agent?.id,
    queueId: queue?.id,
    priority: input.example_type === undefined ? undefined : priorityOf(input.example_type),
    kind: input.kind,
    state: input.state,
    after: await positionOf(ctx, input.cursor),
    limit: input.limit + 1,
  });
  const examples = await readExamplesByIds(
    ctx,
    rows.map((row) => row.learning_example_id),
  );
  const present = (row: TaskRow): AnnotationQueueItem => {
    const example = examples.get(row.learning_example_id);
    if (example === undefined) throw new Error(`task ${row.id} is for an example that is not there`);
    return { ...presentTask(row), example: withoutPreference(presentExample(example)) };
  };
  return toPage(rows, input.limit, (row) => ({ time: row.created_at, id: row.id }), present);
}

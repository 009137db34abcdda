import type { ExampleType } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AnnotationQueuesTable } from "../../database/schema.ts";
import { unprocessable } from "../../http/index.ts";

export type QueueRow = Selectable<AnnotationQueuesTable>;

export async function readQueueRow(ctx: TenantContext, id: string): Promise<QueueRow | undefined> {
  return ctx.tx
    .selectFrom("annotation_queues")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** @throws ProblemError unprocessable naming the field */
export async function findQueue(ctx: TenantContext, id: string, field: string): Promise<QueueRow> {
  const queue = await readQueueRow(ctx, id);
  if (queue === undefined) throw unprocessable(field, "is not an annotation queue of this organization");
  return queue;
}

/**
 * Only in a queue that is ordered by type the examples of one type lie together.
 * @throws ProblemError unprocessable naming the field
 */
export function requireOrderByType(
  queue: QueueRow | undefined,
  type: ExampleType | undefined,
  field: string,
): void {
  if (queue === undefined || type === undefined || queue.ordering === "type") return;
  throw unprocessable(field, `cannot be asked of a queue that is ordered by ${queue.ordering}`);
}

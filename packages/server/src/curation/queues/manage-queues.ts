import type { AnnotationQueue, CreateQueue, QueueQuery, UpdateQueue } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { assertVersion, decodeCursor, notFound, ProblemError, toPage } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { type QueueRow, readQueueRow } from "../annotations/index.ts";
import { presentQueue } from "./present-queue.ts";
import { changeQueue, insertQueue, lockQueue, readQueues } from "./store.ts";

function nameTaken(error: unknown, name: string | undefined): never {
  if (!isUniqueViolation(error)) throw error;
  throw new ProblemError(
    "conflict",
    `The agent has a queue ${JSON.stringify(name)} already. Choose another name.`,
    {
      errors: [{ path: "body.name", message: "is taken" }],
      cause: error,
    },
  );
}

/**
 * Makes a queue: from now on an agent's new examples that its filter takes come to it, unless an older queue takes them. What is
 * in review already is moved in with a bulk decision.
 * @throws ProblemError not-found for the agent, conflict for a name that is taken
 */
export async function createQueue({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: CreateQueue;
}): Promise<AnnotationQueue> {
  const agent = await findAgent(ctx, input.agent_id, "body.agent_id");
  const row = await insertQueue(ctx, {
    ...input,
    id: newId(),
    agentId: agent.id,
    createdBy: actorUserId(ctx),
  }).catch((error: unknown) => nameTaken(error, input.name));
  await writeAudit(ctx, {
    action: "annotation-queue.created",
    entityType: "annotation_queue",
    entityId: row.id,
    data: { agent_id: agent.id, overlap: row.overlap, gold_share: row.gold_share },
  });
  return presentQueue(row);
}

/** Queues, newest first. @throws ProblemError not-found for the agent */
export async function listQueues({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: QueueQuery;
}): Promise<{ data: AnnotationQueue[]; next_cursor: string | null }> {
  const agent =
    input.agent_id === undefined ? undefined : await findAgent(ctx, input.agent_id, "query.agent_id");
  const rows = await readQueues(ctx, {
    agentId: agent?.id,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: QueueRow): { time: Date; id: string } => ({ time: row.created_at, id: row.id });
  return toPage(rows, input.limit, cursorOf, presentQueue);
}

/** @throws ProblemError not-found */
export async function getQueue({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { queueId: string };
}): Promise<AnnotationQueue> {
  const row = await readQueueRow(ctx, input.queueId);
  if (row === undefined) throw notFound("annotation queue", input.queueId, "path.queueId");
  return presentQueue(row);
}

/**
 * Changes a queue for what comes from now on, by compare-and-set on its version. An inactive queue takes nothing new; what is in
 * it stays to be worked off.
 * @throws ProblemError not-found, precondition-failed, conflict for a name that is taken
 */
export async function updateQueue({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { queueId: string; expectedVersion: number; change: UpdateQueue };
}): Promise<AnnotationQueue> {
  const before = await lockQueue(ctx, input.queueId);
  if (before === undefined) throw notFound("annotation queue", input.queueId, "path.queueId");
  assertVersion(input.expectedVersion, before.version);
  const row = await changeQueue(ctx, before.id, input.change).catch((error: unknown) =>
    nameTaken(error, input.change.name),
  );
  await writeAudit(ctx, {
    action: "annotation-queue.updated",
    entityType: "annotation_queue",
    entityId: row.id,
    data: { fields: Object.keys(input.change), is_active: row.is_active },
  });
  return presentQueue(row);
}

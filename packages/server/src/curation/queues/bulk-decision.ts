import {
  agentPolicy,
  type BulkDecision,
  type BulkResult,
  type QueueFilter,
  type QueueOrdering,
} from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { actorUserId, type TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { conflict, ProblemError, unprocessable } from "../../http/index.ts";
import { newId } from "../../new-id.ts";
import { findQueue } from "../annotations/index.ts";
import { retireTasks } from "../examples/index.ts";
import { changeOpenAnnotations, CounterLedger, fold } from "../statistics/index.ts";
import { lockAnnotator, placeInQueue, reopenTasks } from "../tasks/index.ts";
import { type BulkScope, lockFitting, readFitting } from "./bulk-store.ts";
import { decideOne } from "./decide-one.ts";

const MOST_COUNTED = 100_000;
const SAMPLE = 20;

async function scopeOf(ctx: TenantContext, input: BulkDecision): Promise<BulkScope & { policy: unknown }> {
  const agent = await findAgent(ctx, input.selection.agent_id, "body.selection.agent_id");
  const inAgent = async (id: string | null | undefined, field: string): Promise<void> => {
    if (id === undefined || id === null) return;
    const queue = await findQueue(ctx, id, field);
    if (queue.agent_id !== agent.id) throw unprocessable(field, "is a queue of another agent");
  };
  await inAgent(input.selection.queue_id, "body.selection.queue_id");
  await inAgent(input.to_queue_id, "body.to_queue_id");
  return {
    agentId: agent.id,
    policy: agent.policy,
    selection: input.selection,
    action: input.action,
    toQueueId: input.to_queue_id,
    userId: actorUserId(ctx),
    asOf: input.as_of === undefined ? await learningNow(ctx.tx) : new Date(input.as_of),
  };
}

async function apply(
  ctx: TenantContext,
  scope: BulkScope & { policy: unknown },
  input: BulkDecision,
  ids: readonly string[],
): Promise<{ done: number; bulkId: string }> {
  const bulkId = newId();
  const ledger = new CounterLedger();
  const examples = ids.map((id) => ({ id, agent_id: scope.agentId }));
  let done = ids.length;
  if (input.action === "skip") await retireTasks(ctx, examples);
  else if (input.action === "requeue") {
    for (const id of ids) changeOpenAnnotations(ledger, scope.agentId, await reopenTasks(ctx, id));
  } else if (input.action === "move") {
    const row =
      scope.toQueueId === null || scope.toQueueId === undefined
        ? null
        : await findQueue(ctx, scope.toQueueId, "body.to_queue_id");
    const queue =
      row === null
        ? null
        : { ...row, filter: row.filter as QueueFilter, ordering: row.ordering as QueueOrdering };
    const policy = agentPolicy.parse(scope.policy).training;
    changeOpenAnnotations(ledger, scope.agentId, await placeInQueue(ctx, queue, ids, policy));
  } else {
    const { userId } = scope;
    if (userId === null)
      throw new ProblemError("forbidden", "Deciding needs a user's key: a judgement belongs to a person.");
    await lockAnnotator(ctx, userId);
    done = 0;
    for (const exampleId of ids) {
      const one = { exampleId, userId, bulkId, decision: input.action, body: input } as const;
      if (await decideOne(ctx, one, ledger)) done += 1;
    }
  }
  await fold(ctx, ledger);
  return { done, bulkId };
}

/**
 * Decides on everything in review that fits a selection. First as a preview, which counts it and says until when; then with what
 * the preview said, again and again while something remains: each call does so many, in its own transaction, and what is done fits
 * no more. A decision is an adjudication of each example, in its history.
 * @throws ProblemError not-found for the agent, unprocessable for a queue, conflict when more fits than was expected
 */
export async function bulkDecision({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: BulkDecision;
}): Promise<BulkResult> {
  const scope = await scopeOf(ctx, input);
  const fitting = await readFitting(ctx, scope, MOST_COUNTED);
  const result: BulkResult = {
    matching: fitting.length,
    as_of: scope.asOf.toISOString(),
    done: 0,
    remaining: fitting.length,
    sample_ids: input.preview ? fitting.slice(0, SAMPLE) : [],
  };
  if (input.preview) return result;
  if (fitting.length > (input.expected ?? 0))
    throw conflict(
      `${fitting.length} examples fit now, more than the ${input.expected ?? 0} that were expected. Look at the preview again.`,
    );
  const ids = await lockFitting(ctx, scope, fitting.slice(0, input.limit));
  const { done, bulkId } = await apply(ctx, scope, input, ids);
  const remaining = fitting.length - Math.min(fitting.length, input.limit);
  await writeAudit(ctx, {
    action: "annotations.bulk-decided",
    entityType: "agent",
    entityId: scope.agentId,
    data: { bulk_id: bulkId, action: input.action, selection: input.selection, done, remaining },
  });
  return { ...result, done, remaining };
}

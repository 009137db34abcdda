import { agentPolicy } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import { redactorOf } from "../../administration/redaction/index.ts";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import { addExamples, exampleOf, redactExample } from "../examples/index.ts";
import { changeOpenAnnotations, CounterLedger, fold } from "../statistics/index.ts";
import { placeInQueue } from "../tasks/index.ts";
import type { QueueRow } from "../annotations/index.ts";
import { insertQueue, readQueueByName } from "./store.ts";

/** Two answers to one question, of which people say blind which one is better. */
export interface SpotCheckPair {
  id: string;
  executionId: string;
  question: string;
  outputA: string;
  outputB: string;
}

/** Where spot checks are answered. */
export interface SpotCheckPlace {
  /** Name of the queue; made when the agent has none of it. */
  queue: string;
  guidelines: string;
  /** What the pairs are about: examples of it stay together. */
  groupKey: string;
}

async function findOrMakeQueue(
  ctx: TenantContext,
  agentId: string,
  place: SpotCheckPlace,
): Promise<QueueRow> {
  const known = await readQueueByName(ctx, agentId, place.queue);
  if (known !== undefined) return known;
  const row = await insertQueue(ctx, {
    id: newId(),
    agentId,
    agent_id: agentId,
    name: place.queue,
    filter: { source_types: ["spot_check"] },
    overlap: 1,
    ordering: "age",
    guidelines: place.guidelines,
    gold_share: 0,
    createdBy: null,
  });
  await writeAudit(ctx, {
    action: "annotation-queue.created",
    entityType: "annotation_queue",
    entityId: row.id,
    data: { agent_id: agentId, overlap: row.overlap, gold_share: row.gold_share },
  });
  return row;
}

/**
 * Puts pairs into a queue of their own, to be compared like any others. Nobody learns from them: once people have decided they are
 * inactive. A queue that was made inactive takes nothing; its checks go where examples without a queue go.
 * @returns the queue's id
 */
export async function addSpotChecks(
  ctx: TenantContext,
  agentId: string,
  place: SpotCheckPlace,
  pairs: readonly SpotCheckPair[],
): Promise<string> {
  const agent = await findAgent(ctx, agentId, "agent_id");
  const policy = agentPolicy.parse(agent.policy);
  const queue = await findOrMakeQueue(ctx, agentId, place);
  const redactor = await redactorOf(ctx, policy);
  const examples = pairs.map(({ id, executionId, question, outputA, outputB }) =>
    exampleOf(
      redactExample(
        {
          agent_id: agentId,
          example_type: "preference",
          input_text: question,
          input_context: {},
          output_a: outputA,
          output_b: outputB,
          group_key: place.groupKey,
        },
        redactor,
      ),
      {
        id,
        agentId,
        execution: { id: executionId, session_id: null },
        contributor: null,
        source: "spot_check",
      },
    ),
  );
  await addExamples(ctx, examples, () => policy);
  if (queue.is_active && pairs.length > 0) {
    // Whatever other queue would take them.
    const active = { ...queue, filter: {}, ordering: "age" as const };
    const ids = pairs.map(({ id }) => id);
    const grown = await placeInQueue(ctx, active, ids, { ...policy.training, double_annotation_share: 0 });
    const ledger = new CounterLedger();
    changeOpenAnnotations(ledger, agentId, grown);
    await fold(ctx, ledger);
  }
  return queue.id;
}

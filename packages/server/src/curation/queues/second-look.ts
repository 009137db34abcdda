import type { SecondLook, SecondLookResult } from "@agent-learning/contract";
import { findLabelErrors } from "@agent-learning/learning";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { readQueueRow } from "../annotations/index.ts";
import { changeOpenAnnotations, CounterLedger, fold } from "../statistics/index.ts";
import { readApprovedLabels, reopenForReview } from "./second-look-store.ts";

/** Approved examples that are compared: the newest. */
const MOST_EXAMPLES = 2_000;

/**
 * Sends approved examples whose output their neighbours contradict back into review, one more annotation each, in this queue. Who
 * annotated them before is not asked; when the new annotator decides otherwise, a reviewer does. Examples that a reviewer adjudicated have
 * had their second look. What datasets hold already stays in them.
 * @throws ProblemError not-found
 */
export async function takeSecondLook({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: SecondLook & { queueId: string };
}): Promise<SecondLookResult> {
  const queue = await readQueueRow(ctx, input.queueId);
  if (queue === undefined) throw notFound("annotation queue", input.queueId, "path.queueId");
  const examples = await readApprovedLabels(ctx, queue.agent_id, MOST_EXAMPLES);
  const { compared, labels, errors } = findLabelErrors(examples);
  const chosen = errors.slice(0, input.limit);
  const reopened = input.preview
    ? new Set(chosen.map(({ id }) => id))
    : new Set(
        await reopenForReview(
          ctx,
          queue.id,
          chosen.map(({ id }) => id),
        ),
      );
  if (!input.preview && reopened.size > 0) {
    const ledger = new CounterLedger();
    changeOpenAnnotations(ledger, queue.agent_id, reopened.size);
    await fold(ctx, ledger);
    await writeAudit(ctx, {
      action: "annotation-queue.second-look",
      entityType: "annotation_queue",
      entityId: queue.id,
      data: { example_ids: [...reopened] },
    });
  }
  return {
    queue_id: queue.id,
    compared,
    outputs: labels,
    doubtful: errors.length,
    examples: chosen
      .filter(({ id }) => reopened.has(id))
      .map((error) => ({
        learning_example_id: error.id,
        own_probability: error.ownProbability,
        other_probability: error.otherProbability,
        other_output: error.otherLabel,
      })),
  };
}

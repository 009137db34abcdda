import type { AgreementQuery, AnnotationAgreement } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";
import { findQueue } from "../annotations/index.ts";
import { agreementOfPanel, panelOf } from "./panel.ts";
import { readNewestReviews } from "./store.ts";

/** Annotations that are looked at: the newest. */
export const MOST_REVIEWS = 20_000;

/**
 * How far people who annotated the same examples of an agent, or of a queue, agree; on the decision and on each dimension, with
 * intervals. From the newest 20,000 annotations, so that memory and time do not grow with the history.
 * @throws ProblemError not-found for the agent, unprocessable for the queue
 */
export async function annotationAgreement({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: AgreementQuery;
}): Promise<AnnotationAgreement> {
  const agent = await findAgent(ctx, input.agent_id, "query.agent_id");
  const queue =
    input.queue_id === undefined ? undefined : await findQueue(ctx, input.queue_id, "query.queue_id");
  if (queue !== undefined && queue.agent_id !== agent.id)
    throw unprocessable("query.queue_id", "is a queue of another agent");
  const reviews = await readNewestReviews(ctx, { agentId: agent.id, queueId: queue?.id }, MOST_REVIEWS);
  return {
    agent_id: agent.id,
    queue_id: queue?.id ?? null,
    is_sample: reviews.length === MOST_REVIEWS,
    ...agreementOfPanel(panelOf(reviews)),
  };
}

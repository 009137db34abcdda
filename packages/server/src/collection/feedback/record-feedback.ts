import type { TenantContext } from "../../context.ts";
import type { Answer } from "../../http/route.ts";
import { readRedactor, type Redactor } from "../../administration/redaction/index.ts";
import type { FeedbackChange } from "../evidence-observer.ts";
import { onceEach, type Request } from "../ingestion/once-each.ts";
import { type BatchOptions, type Outcome, requireAll } from "../ingestion/outcome.ts";
import { resolveAgents, unknownAgent } from "../ingestion/resolve-agents.ts";
import { type AdmittedFeedback, outsideToken } from "./admit-submissions.ts";
import { redactContent } from "./feedback-content.ts";
import { recordPlainFeedback } from "./record-plain-feedback.ts";
import { storeSubmissions } from "./store-submissions.ts";
import type { Submission, SubmissionOutcome } from "./submission.ts";

type Placed = Request<Submission> & { index: number };

function toAnswer(outcome: SubmissionOutcome): Outcome<Answer> {
  return "value" in outcome ? { value: { status: 201, body: outcome.value } } : outcome;
}

/** Names the agents by their ids; what names none, or not the one of its token, is refused. */
async function resolve(
  ctx: TenantContext,
  requests: readonly Request<AdmittedFeedback>[],
  refuse: (index: number, error: Error) => void,
): Promise<Placed[]> {
  const references = requests.map(({ item }) => item.agentReference);
  const agents = await resolveAgents(ctx, references);
  const redactors = new Map<string, Redactor>();
  for (const id of new Set(agents.values())) redactors.set(id, await readRedactor(ctx, id));
  return requests.flatMap(({ item, once }, index) => {
    const { agentReference, boundAgentId, id, executionReference, rater, content, path } = item;
    const agentId = agents.get(agentReference);
    if (agentId === undefined) refuse(index, unknownAgent(agentReference, path));
    else if (boundAgentId !== null && boundAgentId !== agentId) {
      refuse(index, outsideToken(`${path}.agent_id`, "is not the agent that it was made for"));
    } else {
      const redactor = redactors.get(agentId);
      const kept = redactor === undefined ? content : redactContent(content, redactor);
      return [{ item: { id, agentId, executionReference, rater, content: kept, path }, once, index }];
    }
    return [];
  });
}

/**
 * Stores admitted feedback, with the answers of those that came with an Idempotency-Key, in the caller's transaction, and tells
 * the observers. One answer for each, in order.
 */
export async function recordFeedback(
  ctx: TenantContext,
  operation: string,
  requests: readonly Request<AdmittedFeedback>[],
  { lane = 0, allOrNone = false }: BatchOptions = {},
): Promise<Outcome<Answer>[]> {
  const outcomes = new Map<number, Outcome<Answer>>();
  const changes: FeedbackChange[] = [];
  const placed = await resolve(ctx, requests, (index, error) => outcomes.set(index, { error }));
  if (allOrNone) requireAll([...outcomes.values()]);

  const plain = await recordPlainFeedback(ctx, placed, { operation, lane });
  changes.push(...plain.changes);
  const rest: Placed[] = [];
  for (const [position, request] of placed.entries()) {
    const outcome = plain.outcomes.get(position);
    if (outcome === undefined) rest.push(request);
    else outcomes.set(request.index, toAnswer(outcome));
  }
  if (rest.length > 0) {
    const answers = await onceEach(ctx, operation, rest, async (submissions) => {
      const stored = await storeSubmissions(ctx, submissions, { lane, allOrNone });
      changes.push(...stored.changes);
      const lost = { error: new Error("a feedback was lost") };
      return submissions.map((_, position) => toAnswer(stored.outcomes.get(position) ?? lost));
    });
    for (const [position, { index }] of rest.entries()) {
      const answer = answers[position];
      if (answer !== undefined) outcomes.set(index, answer);
    }
  }
  if (changes.length > 0) {
    for (const observer of ctx.services.evidenceObservers) await observer.feedbackChanged?.(ctx, changes);
  }
  return requests.map((_, index) => outcomes.get(index) ?? { error: new Error("a feedback was lost") });
}

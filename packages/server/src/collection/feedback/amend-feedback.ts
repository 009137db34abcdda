import type { AmendFeedback, Feedback } from "@agent-learning/contract";
import { readRedactor } from "../../administration/redaction/index.ts";
import type { TenantContext } from "../../context.ts";
import { isUniqueViolation } from "../../database/index.ts";
import { assertVersion } from "../../http/if-match.ts";
import { conflict, notFound } from "../../http/problem-error.ts";
import { CounterLedger } from "../statistics/counters.ts";
import { checkCorrection } from "./check-content.ts";
import { admitContent } from "./admit-content.ts";
import { changeContent, redactContent } from "./feedback-content.ts";
import { amendedRow, revisionOf, toStoredFeedback } from "./feedback-row.ts";
import { amendHeld, heldAsFeedback } from "./holding/held-feedback.ts";
import { lockHeldById, writeHeld } from "./holding/store.ts";
import { assertMayChange, changedBy } from "./own-feedback.ts";
import { presentFeedback } from "./present-feedback.ts";
import { lockFeedback, writeFeedback } from "./store.ts";
import { countChange } from "./write-submissions.ts";

interface Input {
  id: string;
  expectedVersion: number;
  change: AmendFeedback;
}

/**
 * Changes a feedback by compare-and-set on the version that the caller read. What it was is kept in its history, and the
 * counters of the day on which it was given follow.
 * @throws ProblemError not-found, forbidden, precondition-failed, conflict when it was withdrawn or when it becomes a second
 * vote, unprocessable when the result makes no sense
 */
export async function amendFeedback({ ctx, input }: { ctx: TenantContext; input: Input }): Promise<Feedback> {
  const [locked] = await lockFeedback(ctx, [input.id]);
  if (locked === undefined) return amendWaiting({ ctx, input });
  const { feedback: before, execution, now } = locked;
  assertMayChange(ctx, {
    raterId: before.user_id,
    raterExternalId: null,
    agentId: before.agent_id,
    executionIds: [execution.id],
  });
  if (before.status !== "live") throw withdrawn();
  assertVersion(input.expectedVersion, before.version);
  const content = redactContent(
    changeContent(before, input.change),
    await readRedactor(ctx, before.agent_id),
  );
  await admitContent(ctx, content, "body", checkCorrection(content, execution.output_text));
  const after = amendedRow(before, content, now);
  const ledger = new CounterLedger();
  countChange(ledger, execution, before, after);
  const revisions = [revisionOf(before, "amended", changedBy(ctx), now)];
  try {
    await writeFeedback(ctx, { people: [], inserted: [], amended: [after], revisions, ledger, lane: 0 });
  } catch (error) {
    if (isUniqueViolation(error, "agent_feedback_live_vote")) {
      throw conflict("The rater has another live vote on this execution. Amend that one instead.");
    }
    throw error;
  }
  const change = { execution, before: toStoredFeedback(before), after: toStoredFeedback(after) };
  for (const observer of ctx.services.evidenceObservers) await observer.feedbackChanged?.(ctx, [change]);
  return presentFeedback(after, execution.external_id);
}

async function amendWaiting({ ctx, input }: { ctx: TenantContext; input: Input }): Promise<Feedback> {
  const held = await lockHeldById(ctx, input.id);
  if (held === undefined) throw notFound("feedback", input.id, "path.id");
  assertMayChange(ctx, {
    raterId: held.user_id,
    raterExternalId: null,
    agentId: held.agent_id,
    executionIds: [held.execution_external_id],
  });
  // Attached between our two looks: it is feedback now.
  if (held.status === "attached") return amendFeedback({ ctx, input });
  if (held.status !== "held") throw held.status === "expired" ? expired() : withdrawn();
  assertVersion(input.expectedVersion, held.payload.version);
  const content = redactContent(
    changeContent(held.payload.content, input.change),
    await readRedactor(ctx, held.agent_id),
  );
  await admitContent(ctx, content, "body");
  const after = amendHeld(held, content, changedBy(ctx), held.now);
  await writeHeld(ctx, { people: [], rows: [after], ledger: new CounterLedger(), lane: 0 });
  return presentFeedback(heldAsFeedback(after), after.execution_external_id, "held");
}

function withdrawn(): Error {
  return conflict("This feedback was withdrawn. Submit new feedback instead.");
}

function expired(): Error {
  return conflict("This feedback expired because its execution never came. Submit it again instead.");
}

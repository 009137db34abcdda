import type { Feedback } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { assertVersion } from "../../http/if-match.ts";
import { notFound } from "../../http/problem-error.ts";
import { CounterLedger, dayOf } from "../statistics/counters.ts";
import { eventCounters } from "./feedback-counters.ts";
import { type FeedbackRow, revisionOf, toStoredFeedback } from "./feedback-row.ts";
import { heldAsFeedback, withdrawHeld } from "./holding/held-feedback.ts";
import { lockHeldById, writeHeld } from "./holding/store.ts";
import { assertMayChange, changedBy } from "./own-feedback.ts";
import { presentFeedback } from "./present-feedback.ts";
import { readExternalId } from "../people/store.ts";
import { lockFeedback, writeFeedback } from "./store.ts";
import { countChange } from "./write-submissions.ts";

interface Input {
  id: string;
  /** Undefined: whatever the version is. */
  expectedVersion: number | undefined;
}

/**
 * Takes a feedback back: it no longer counts, its content stays in its history. Doing it again changes nothing.
 * @throws ProblemError not-found, forbidden, precondition-failed
 */
export async function withdrawFeedback({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: Input;
}): Promise<Feedback> {
  const [locked] = await lockFeedback(ctx, [input.id]);
  if (locked === undefined) return withdrawWaiting({ ctx, input });
  const { feedback: before, execution, now } = locked;
  assertMayChange(ctx, {
    raterId: before.user_id,
    raterExternalId: await readExternalId(ctx, before.user_id),
    agentId: before.agent_id,
    executionIds: [execution.id, execution.external_id],
  });
  if (before.status === "withdrawn") return presentFeedback(before, execution.external_id);
  if (input.expectedVersion !== undefined) assertVersion(input.expectedVersion, before.version);
  const after: FeedbackRow = { ...before, status: "withdrawn", version: before.version + 1, updated_at: now };
  const ledger = new CounterLedger();
  countChange(ledger, execution, before, null);
  if (execution.environment === "production") {
    ledger.add(before.agent_id, dayOf(before.created_at), eventCounters("withdrawn"));
  }
  const revisions = [revisionOf(before, "withdrawn", changedBy(ctx), now)];
  await writeFeedback(ctx, { people: [], inserted: [], amended: [after], revisions, ledger, lane: 0 });
  const change = { execution, before: toStoredFeedback(before), after: null };
  for (const observer of ctx.services.evidenceObservers) await observer.feedbackChanged?.(ctx, [change]);
  return presentFeedback(after, execution.external_id);
}

async function withdrawWaiting({ ctx, input }: { ctx: TenantContext; input: Input }): Promise<Feedback> {
  const held = await lockHeldById(ctx, input.id);
  if (held === undefined) throw notFound("feedback", input.id, "path.id");
  assertMayChange(ctx, {
    raterId: held.user_id,
    raterExternalId: await readExternalId(ctx, held.user_id),
    agentId: held.agent_id,
    executionIds: [held.execution_external_id],
  });
  if (held.status === "attached") return withdrawFeedback({ ctx, input });
  if (held.status !== "held") {
    return presentFeedback(heldAsFeedback(held), held.execution_external_id, held.status);
  }
  if (input.expectedVersion !== undefined) assertVersion(input.expectedVersion, held.payload.version);
  const after = withdrawHeld(held, changedBy(ctx), held.now);
  const ledger = new CounterLedger();
  ledger.add(held.agent_id, dayOf(held.created_at), eventCounters("withdrawn"));
  await writeHeld(ctx, { people: [], rows: [after], ledger, lane: 0 });
  return presentFeedback(heldAsFeedback(after), after.execution_external_id, "withdrawn");
}

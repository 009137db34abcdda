import type { TenantContext } from "../../context.ts";
import { CounterLedger } from "../statistics/counters.ts";
import { foldCounters } from "../statistics/store.ts";
import { readErasedEvents, readFeedbackIdsOf } from "./erase-store.ts";
import { toStoredFeedback } from "./feedback-row.ts";
import { lockFeedback, writeFeedback } from "./store.ts";
import { countChange } from "./write-submissions.ts";

const PAGE = 500;

/**
 * Takes everything that a person said out of whatever counts it, as if they had never said it: live feedback as a withdrawal does, and
 * the events of what they had withdrawn or what had waited. The rows stay, withdrawn; their texts are the caller's to empty. Page by
 * page, so that memory does not grow with the person's history; once more changes nothing.
 */
export async function eraseFeedback(ctx: TenantContext, userId: string): Promise<void> {
  const ledger = new CounterLedger();
  for (const { agent_id, day, metric, count } of await readErasedEvents(ctx, userId)) {
    ledger.add(agent_id, day, new Map([[metric, { count, sum: 0, sumSquares: 0 }]]), -1);
  }
  for (let after: string | undefined; ;) {
    const ids = await readFeedbackIdsOf(ctx, userId, after, PAGE);
    await withdrawAll(ctx, ids, ledger);
    after = ids.at(-1);
    if (ids.length < PAGE) break;
  }
  // Last: the counters' rows stay locked until the commit.
  await foldCounters(ctx, ledger);
}

async function withdrawAll(ctx: TenantContext, ids: readonly string[], ledger: CounterLedger): Promise<void> {
  const live = (await lockFeedback(ctx, ids)).filter(({ feedback }) => feedback.status === "live");
  if (live.length === 0) return;
  const amended = live.map(({ feedback, now }) => ({
    ...feedback,
    status: "withdrawn" as const,
    version: feedback.version + 1,
    updated_at: now,
  }));
  for (const { feedback, execution } of live) countChange(ledger, execution, feedback, null);
  const write = { people: [], inserted: [], revisions: [], lane: 0 };
  await writeFeedback(ctx, { ...write, amended, ledger: new CounterLedger() });
  const changes = live.map(({ feedback, execution }) => ({
    execution,
    before: toStoredFeedback(feedback),
    after: null,
  }));
  for (const observer of ctx.services.evidenceObservers) await observer.feedbackChanged?.(ctx, changes);
}

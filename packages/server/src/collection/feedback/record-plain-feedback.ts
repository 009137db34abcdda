import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";
import type { FeedbackChange } from "../evidence-observer.ts";
import type { Request } from "../ingestion/once-each.ts";
import { newFeedbackRow, toStoredFeedback } from "./feedback-row.ts";
import { insertPlainFeedback, type PlainSubmission } from "./plain-store.ts";
import { isVote, type Submission, type SubmissionResult } from "./submission.ts";

/**
 * Corrections are never plain: each has to be compared with what the agent said. After one that is a vote, its rater's other
 * votes wait too, so that a batch keeps its order. Nor is what comes a second time under the same Idempotency-Key.
 */
function toPlain(requests: readonly Request<Submission>[]): PlainSubmission[] {
  const newRaters = new Map<string, string>();
  const waiting = new Set<string>();
  const keys = new Set<string>();
  return requests.flatMap(({ item: submission, once }, position) => {
    const { content, rater } = submission;
    const name = rater.externalId ?? rater.userId ?? "";
    if (content.correction_text !== null || (waiting.has(name) && isVote(content))) {
      if (isVote(content)) waiting.add(name);
      return [];
    }
    if (once !== undefined && keys.size === keys.add(once.key).size) return [];
    const newRaterId = newRaters.get(name) ?? newId();
    newRaters.set(name, newRaterId);
    return [{ position, submission, newRaterId, once }];
  });
}

/**
 * Stores the usual case, new feedback on a known execution, in one statement. Outcomes are by position; what has none takes
 * the longer way.
 */
export async function recordPlainFeedback(
  ctx: TenantContext,
  requests: readonly Request<Submission>[],
  options: { operation: string; lane: number },
): Promise<SubmissionResult> {
  const outcomes: SubmissionResult["outcomes"] = new Map();
  const changes: FeedbackChange[] = [];
  const candidates = toPlain(requests);
  const rows = candidates.length === 0 ? [] : await insertPlainFeedback(ctx, candidates, options);
  for (const { position, userId, createdAt, execution, settingsVersion } of rows) {
    const submission = requests[position]?.item;
    if (submission === undefined) continue;
    const { id, content } = submission;
    outcomes.set(position, { value: { id, status: "stored", version: 1 } });
    const after = toStoredFeedback(newFeedbackRow({ id, execution, userId, content, createdAt }));
    changes.push({ execution, before: null, after, settingsVersion });
  }
  return { outcomes, changes };
}

import type { Feedback, FeedbackRevision, JsonValue } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, notFound, toPage, unprocessable } from "../../http/index.ts";
import { heldAsFeedback, heldRevisions } from "./holding/held-feedback.ts";
import { readHeld, readHeldPage } from "./holding/store.ts";
import { presentFeedback } from "./present-feedback.ts";
import { readFeedback, readFeedbackPage, readHistory } from "./store.ts";

/** One feedback, also while it waits for its execution. */
export async function getFeedback({ ctx, id }: { ctx: TenantContext; id: string }): Promise<Feedback> {
  const found = await readFeedback(ctx, id);
  if (found !== undefined) return presentFeedback(found.feedback, found.execution.external_id);
  const held = await readHeld(ctx, id);
  if (held === undefined || held.status === "attached") throw notFound("feedback", id, "path.id");
  return presentFeedback(heldAsFeedback(held), held.execution_external_id, held.status);
}

/** What a feedback was before each change, oldest first. */
export async function getFeedbackHistory({
  ctx,
  id,
}: {
  ctx: TenantContext;
  id: string;
}): Promise<{ feedback_id: string; revisions: FeedbackRevision[] }> {
  let revisions = await readHistory(ctx, id);
  if (revisions.length === 0 && (await readFeedback(ctx, id)) === undefined) {
    const held = await readHeld(ctx, id);
    if (held === undefined || held.status === "attached") throw notFound("feedback", id, "path.id");
    revisions = heldRevisions(held);
  }
  return {
    feedback_id: id,
    revisions: revisions.map(({ version, action, snapshot, actor_id, created_at }) => ({
      version,
      action,
      snapshot: snapshot as Record<string, JsonValue>,
      actor_id,
      created_at: created_at.toISOString(),
    })),
  };
}

export interface ListFeedbackInput {
  agent: string;
  limit: number;
  cursor?: string | undefined;
  status: Feedback["status"] | "all";
  feedback_type?: string | undefined;
  execution_id?: string | undefined;
  issue?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** An agent's feedback, newest first; `held` and `expired` list what waits, or waited in vain, for its execution. */
export async function listFeedback({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ListFeedbackInput;
}): Promise<{ data: Feedback[]; next_cursor: string | null }> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
  const { status, execution_id: executionReference } = input;
  const cursorOf = (row: { created_at: Date; id: string }) => ({ time: row.created_at, id: row.id });
  if (status === "held" || status === "expired") {
    if (input.issue !== undefined)
      throw unprocessable(
        "query.issue",
        "cannot be combined with status held or expired: they are not counted yet",
      );
    const held = await readHeldPage(ctx, { agentId, status, executionReference }, input.limit + 1, after);
    return toPage(held, input.limit, cursorOf, (row) =>
      presentFeedback(heldAsFeedback(row), row.execution_external_id, status),
    );
  }
  const filter = {
    agentId,
    status: status === "all" ? undefined : status,
    feedbackType: input.feedback_type,
    executionReference,
    issue: input.issue,
    from: input.from,
    to: input.to,
  };
  const rows = await readFeedbackPage(ctx, filter, input.limit + 1, after);
  return toPage(rows, input.limit, cursorOf, (row) => presentFeedback(row, row.execution_external_id));
}

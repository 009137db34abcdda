import type { FeedbackRow, NewRevision } from "../feedback-row.ts";
import { satisfactionOf, type StoredContent } from "../feedback-content.ts";

/** What waits in `payload`: the content, and its history from before it was attached. */
export interface HeldPayload {
  content: StoredContent;
  version: number;
  revisions: (Omit<NewRevision, "feedback_id" | "created_at"> & { created_at: string })[];
  updated_at: string;
}

/** A row of `agent_feedback_holding`. */
export interface HeldRow {
  id: string;
  agent_id: string;
  execution_external_id: string;
  user_id: string;
  payload: HeldPayload;
  status: "held" | "attached" | "expired" | "withdrawn";
  expires_at: Date;
  created_at: Date;
}

/** Held feedback in the shape of a row that it will become. */
export function heldAsFeedback(held: HeldRow): FeedbackRow {
  const { content, version, updated_at: updatedAt } = held.payload;
  return {
    id: held.id,
    agent_id: held.agent_id,
    execution_id: held.id,
    user_id: held.user_id,
    ...content,
    satisfaction: satisfactionOf(content),
    status: held.status === "withdrawn" ? "withdrawn" : "live",
    version,
    created_at: held.created_at,
    updated_at: new Date(updatedAt),
  };
}

/** Held feedback after its content was replaced, with a revision of what it was. */
export function amendHeld(held: HeldRow, content: StoredContent, actorId: string | null, now: Date): HeldRow {
  return { ...held, payload: { ...withRevision(held, "amended", actorId, now), content } };
}

/** Held feedback that its rater took back. */
export function withdrawHeld(held: HeldRow, actorId: string | null, now: Date): HeldRow {
  return { ...held, status: "withdrawn", payload: withRevision(held, "withdrawn", actorId, now) };
}

function withRevision(
  { payload }: HeldRow,
  action: NewRevision["action"],
  actorId: string | null,
  now: Date,
): HeldPayload {
  const snapshot = { ...payload.content, satisfaction: satisfactionOf(payload.content) };
  const revision = {
    version: payload.version,
    action,
    snapshot,
    actor_id: actorId,
    created_at: now.toISOString(),
  };
  return {
    content: payload.content,
    version: payload.version + 1,
    revisions: [...payload.revisions, revision],
    updated_at: now.toISOString(),
  };
}

/** The history of held feedback, as rows. */
export function heldRevisions(held: HeldRow): NewRevision[] {
  return held.payload.revisions.map((revision) => ({
    ...revision,
    feedback_id: held.id,
    created_at: new Date(revision.created_at),
  }));
}

import { isUuid } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";

/** Whose feedback on what is to be changed. */
export interface OwnedFeedback {
  raterId: string;
  /** What the caller's system calls the rater; null for members. */
  raterExternalId: string | null;
  agentId: string;
  /** Ours, where it is known, and the caller's. */
  executionIds: readonly (string | null)[];
}

const names = (reference: string, ids: readonly (string | null)[]): boolean =>
  ids.some((id) => id === reference || (isUuid(reference) && id === reference.toLowerCase()));

/**
 * A member changes what they said themselves; an admin, and the organization's own servers, also what others said; a feedback
 * token what was said with it.
 * @throws ProblemError forbidden
 */
export function assertMayChange(ctx: TenantContext, owned: OwnedFeedback): void {
  const { actor } = ctx;
  if (actor.kind === "machine" && actor.keyKind === "feedback_token") {
    const isOwn =
      owned.agentId === actor.agentId &&
      names(actor.executionId, owned.executionIds) &&
      names(actor.raterId, [owned.raterExternalId, owned.raterId]);
    if (isOwn) return;
    throw new ProblemError(
      "forbidden",
      "The feedback token does not cover this: it is for its own feedback only.",
    );
  }
  if (actor.kind !== "user" || actor.role === "admin" || actor.userId === owned.raterId) return;
  throw new ProblemError(
    "forbidden",
    "This feedback is another person's. Its rater, an admin or the server that sent it can change it.",
  );
}

/** Who is written down as having changed it: the user, or the key. */
export function changedBy(ctx: TenantContext): string | null {
  if (ctx.actor.kind === "user") return ctx.actor.userId;
  return ctx.actor.kind === "machine" ? ctx.actor.keyId : null;
}

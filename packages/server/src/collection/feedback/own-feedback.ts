import type { TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/problem-error.ts";

/**
 * A member changes what they said themselves; an admin, and the organization's own servers, also what others said.
 * @throws ProblemError forbidden
 */
export function assertMayChange(ctx: TenantContext, raterId: string): void {
  const { actor } = ctx;
  if (actor.kind !== "user" || actor.role === "admin" || actor.userId === raterId) return;
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

import { type Role, roleIncludes, type TaskKind } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { ProblemError } from "../../http/index.ts";

/** The person who annotates. */
export interface Annotator {
  userId: string;
  /** What they may be given. */
  kinds: readonly TaskKind[];
}

function kindsFor(role: Role): readonly TaskKind[] {
  return roleIncludes(role, "reviewer") ? ["annotation", "adjudication"] : ["annotation"];
}

/** @throws ProblemError forbidden for a machine: a judgement belongs to a person */
export function requireAnnotator(ctx: TenantContext): Annotator {
  if (ctx.actor.kind === "user") return { userId: ctx.actor.userId, kinds: kindsFor(ctx.actor.role) };
  throw new ProblemError("forbidden", "Annotating needs a user's key: a judgement belongs to a person.");
}

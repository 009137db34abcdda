import { isUuid } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";

/** An execution that an example can come from. */
export interface SourceExecution {
  id: string;
  session_id: string | null;
}

/**
 * The agent's execution with this id of ours or of the caller's.
 * @throws ProblemError unprocessable naming the field
 */
export async function findSourceExecution(
  ctx: TenantContext,
  agentId: string,
  reference: string,
): Promise<SourceExecution> {
  const by = (column: "id" | "external_id", value: string): Promise<SourceExecution | undefined> =>
    ctx.tx
      .selectFrom("agent_executions")
      .select(["id", "session_id"])
      .where("organization_id", "=", ctx.organizationId)
      .where("agent_id", "=", agentId)
      .where(column, "=", value)
      .executeTakeFirst();
  const found =
    (await by("external_id", reference)) ??
    (isUuid(reference) ? await by("id", reference.toLowerCase()) : undefined);
  if (found !== undefined) return found;
  throw unprocessable(
    "body.source_execution_id",
    "is not an execution of this agent",
    "There is no such execution of this agent. Record it first, or leave source_execution_id out.",
  );
}

/**
 * The id of the member with this id or e-mail address.
 * @throws ProblemError unprocessable naming the field
 */
export async function findExpert(ctx: TenantContext, reference: string): Promise<string> {
  const found = await ctx.tx
    .selectFrom("memberships")
    .innerJoin("users", (join) =>
      join
        .onRef("users.organization_id", "=", "memberships.organization_id")
        .onRef("users.id", "=", "memberships.user_id"),
    )
    .select("users.id")
    .where("memberships.organization_id", "=", ctx.organizationId)
    .where("memberships.revoked_at", "is", null)
    .where((where) =>
      isUuid(reference)
        ? where("users.id", "=", reference.toLowerCase())
        : where(where.fn("lower", ["users.email"]), "=", reference.toLowerCase()),
    )
    .executeTakeFirst();
  if (found !== undefined) return found.id;
  throw unprocessable("body.expert", "is not the id or e-mail address of a member of this organization");
}

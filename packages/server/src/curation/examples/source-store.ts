import { isUuid } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";

/** An execution that an example can come from. */
export interface SourceExecution {
  id: string;
  session_id: string | null;
  version_id: string | null;
  input_text: string;
  output_text: string | null;
}

/**
 * The agent's execution with this id of ours or of the caller's.
 * @throws ProblemError unprocessable naming the field
 */
export async function findSourceExecution(
  ctx: TenantContext,
  agentId: string,
  reference: string,
  path = "body.source_execution_id",
): Promise<SourceExecution> {
  const by = (column: "id" | "external_id", value: string): Promise<SourceExecution | undefined> =>
    ctx.tx
      .selectFrom("agent_executions")
      .select(["id", "session_id", "version_id", "input_text", "output_text"])
      .where("organization_id", "=", ctx.organizationId)
      .where("agent_id", "=", agentId)
      .where(column, "=", value)
      .executeTakeFirst();
  const found =
    (await by("external_id", reference)) ??
    (isUuid(reference) ? await by("id", reference.toLowerCase()) : undefined);
  if (found !== undefined) return found;
  throw unprocessable(
    path,
    "is not an execution of this agent",
    `There is no such execution of this agent. Record it first, or leave ${path.replace("body.", "")} out.`,
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

/** @throws ProblemError unprocessable naming the field when there is no such version of this agent */
export async function requireVersion(
  ctx: TenantContext,
  agentId: string,
  versionId: string,
  path: string,
): Promise<void> {
  const found = await ctx.tx
    .selectFrom("agent_versions")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("id", "=", versionId.toLowerCase())
    .executeTakeFirst();
  if (found === undefined) throw unprocessable(path, "is not a version of this agent");
}

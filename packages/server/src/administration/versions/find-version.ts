import type { TenantContext } from "../../context.ts";
import { notFound, unprocessable } from "../../http/problem-error.ts";
import { selectVersion, type VersionRow } from "./store.ts";

/**
 * A version of this agent that the path names.
 * @throws ProblemError not-found, also for another agent's or organization's version
 */
export async function findVersion(
  ctx: TenantContext,
  agentId: string,
  versionId: string,
  path: string,
): Promise<VersionRow> {
  const version = await selectVersion(ctx, { id: versionId });
  if (version?.agent_id !== agentId) throw notFound("version of this agent", versionId, path);
  return version;
}

/**
 * A version of this agent that a body's field names.
 * @throws ProblemError unprocessable naming the field
 */
export async function requireVersion(
  ctx: TenantContext,
  agentId: string,
  versionId: string,
  path: string,
): Promise<VersionRow> {
  const version = await selectVersion(ctx, { id: versionId });
  if (version?.agent_id !== agentId) throw unprocessable(path, "is not a version of this agent");
  return version;
}

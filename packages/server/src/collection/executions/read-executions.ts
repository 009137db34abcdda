import { type Execution, isUuid } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, notFound, toPage } from "../../http/index.ts";
import { presentExecution } from "./present-execution.ts";
import { readExecution, readExecutionPage } from "./store.ts";

export interface ListExecutionsInput {
  agent: string;
  limit: number;
  cursor?: string | undefined;
  status?: string | undefined;
  version_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  tool?: string | undefined;
}

/** An agent's executions, newest first. */
export async function listExecutions({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: ListExecutionsInput;
}): Promise<{ data: Execution[]; next_cursor: string | null }> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
  const { status, version_id: versionId, from, to, tool } = input;
  const filter = { agentId, status, versionId, from, to, tool };
  const rows = await readExecutionPage(ctx, filter, input.limit + 1, after);
  return toPage(rows, input.limit, (row) => ({ time: row.created_at, id: row.id }), presentExecution);
}

/**
 * One execution by the caller's own id, or ours.
 * @throws ProblemError not-found
 */
export async function getExecution({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; execution: string };
}): Promise<Execution> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const id = isUuid(input.execution) ? input.execution : null;
  const row = await readExecution(ctx, agentId, { externalId: input.execution, id });
  if (row === undefined) throw notFound("execution", input.execution, "path.executionId");
  return presentExecution(row);
}

import type { ContributionSuspicion, SuspicionQuery } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, toPage } from "../../http/index.ts";
import { presentSuspicion } from "./present-suspicion.ts";
import { readSuspicions, type SuspicionRow } from "./store.ts";

/**
 * What detectors hold or held back, newest first.
 * @throws ProblemError not-found for the agent
 */
export async function listSuspicions({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: SuspicionQuery;
}): Promise<{ data: ContributionSuspicion[]; next_cursor: string | null }> {
  const agent = await findAgent(ctx, input.agent_id, "query.agent_id");
  const rows = await readSuspicions(ctx, {
    agentId: agent.id,
    status: input.status,
    beforeId: input.cursor === undefined ? undefined : decodeCursor(input.cursor).id,
    limit: input.limit + 1,
  });
  const cursorOf = (row: SuspicionRow): { time: Date; id: string } => ({ time: row.created_at, id: row.id });
  return toPage(rows, input.limit, cursorOf, presentSuspicion);
}

import type { Agent } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, toPage } from "../../http/cursor.ts";
import { presentAgent } from "./present-agent.ts";

/** Agents, newest first; archived ones on request. Ids are UUIDv7: their order is the order of creation. */
export async function listAgents({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { limit: number; cursor?: string | undefined; archived: boolean };
}): Promise<{ data: Agent[]; next_cursor: string | null }> {
  let query = ctx.tx.selectFrom("agents").selectAll().where("organization_id", "=", ctx.organizationId);
  if (!input.archived) query = query.where("archived_at", "is", null);
  if (input.cursor !== undefined) query = query.where("id", "<", decodeCursor(input.cursor).id);
  const rows = await query
    .orderBy("id", "desc")
    .limit(input.limit + 1)
    .execute();
  return toPage(rows, input.limit, (row) => ({ time: row.created_at, id: row.id }), presentAgent);
}

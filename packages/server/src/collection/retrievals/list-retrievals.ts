import { isUuid, type Retrieval } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { decodeCursor, toPage } from "../../http/index.ts";
import { readExecution } from "../executions/store.ts";
import { readRetrievalPage, type RetrievalRow } from "./store.ts";

function presentRetrieval(row: RetrievalRow): Retrieval {
  return {
    id: row.id,
    agent_id: row.agent_id,
    execution_id: row.execution_external_id,
    attached: row.execution_id !== null,
    query: row.query_text,
    chunks: row.chunks.map((chunk) => {
      const { excerpts } = row;
      const told = excerpts !== null && Object.hasOwn(excerpts, chunk.chunk_id);
      return told ? { ...chunk, excerpt: excerpts[chunk.chunk_id] } : chunk;
    }),
    ranker_version: row.ranker_version,
    created_at: row.created_at.toISOString(),
  };
}

/** An agent's retrievals, newest first; of one execution on request. */
export async function listRetrievals({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; limit: number; cursor?: string | undefined; execution_id?: string | undefined };
}): Promise<{ data: Retrieval[]; next_cursor: string | null }> {
  const { id: agentId } = await findAgent(ctx, input.agent, "path.agentId");
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
  const { execution_id: reference } = input;
  let execution: { id: string | null; externalId: string } | undefined;
  if (reference !== undefined) {
    const id = isUuid(reference) ? reference : null;
    const found = await readExecution(ctx, agentId, { externalId: reference, id });
    execution = { id: found?.id ?? null, externalId: reference };
  }
  const rows = await readRetrievalPage(ctx, { agentId, execution }, input.limit + 1, after);
  return toPage(rows, input.limit, (row) => ({ time: row.created_at, id: row.id }), presentRetrieval);
}

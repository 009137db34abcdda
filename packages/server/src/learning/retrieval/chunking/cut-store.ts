import { sql } from "kysely";
import type { TenantContext } from "../../../context.ts";

/** A document and where the chunks of several chunkings begin and end in it. */
export interface CutRow {
  external_id: string;
  title: string;
  length: number;
  cuts: { chunking_id: string; start: number; end: number }[];
}

/** Documents by their names, with their chunks in order. */
export async function readCuts(
  ctx: TenantContext,
  agentId: string,
  names: readonly string[],
  chunkingIds: readonly string[],
): Promise<CutRow[]> {
  const { rows } = await sql<CutRow>`
    SELECT d.external_id, d.title, length(d.body) AS length, COALESCE((
      SELECT jsonb_agg(jsonb_build_object('chunking_id', c.chunking_id, 'start', c.start_offset, 'end', c.end_offset) ORDER BY c.start_offset)
      FROM chunks c WHERE c.organization_id = d.organization_id AND c.document_id = d.id AND c.chunking_id = ANY(${chunkingIds}::uuid[])), '[]') AS cuts
    FROM documents d WHERE d.organization_id = ${ctx.organizationId} AND d.agent_id = ${agentId}
      AND d.external_id = ANY(${names}::text[])`.execute(ctx.tx);
  return rows;
}

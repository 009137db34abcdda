import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { perServices } from "../../per-services.ts";
import type { LiveIndex } from "./search-store.ts";

interface Known {
  holders: number;
  /** Chunks of the index when they were counted. */
  chunks: number;
}

/** Terms that more chunks hold are remembered: each count reads them all. */
const FREQUENT = 1_000;
/** An index that has grown or shrunk by a larger share is counted anew. */
const DRIFT = 0.01;
const MOST_INDEXES = 20;

const counts = perServices(() => new Map<string, Map<string, Known>>());

/** Remembered counts of one index; the index that nobody asked longest is forgotten. */
function knownOf(ctx: TenantContext, chunkingId: string): Map<string, Known> {
  const all = counts(ctx.services);
  const known = all.get(chunkingId) ?? new Map<string, Known>();
  all.delete(chunkingId);
  all.set(chunkingId, known);
  if (all.size > MOST_INDEXES) all.delete(all.keys().next().value ?? "");
  return known;
}

/**
 * In how many chunks each term is; 0 for one that is in none. Exact for terms of up to a thousand chunks; more frequent ones are counted
 * anew when the index has changed by a hundredth, and taken as the same share of it until then.
 */
export async function countHolders(
  ctx: TenantContext,
  { chunkingId, chunks }: LiveIndex,
  terms: readonly string[],
): Promise<Map<string, number>> {
  const known = knownOf(ctx, chunkingId);
  const holders = new Map<string, number>();
  const unknown: string[] = [];
  for (const term of terms) {
    const one = known.get(term);
    if (one !== undefined && Math.abs(chunks - one.chunks) <= DRIFT * one.chunks)
      holders.set(term, Math.min(chunks, Math.round((one.holders / one.chunks) * chunks)));
    else unknown.push(term);
  }
  if (unknown.length === 0) return holders;
  const { rows } = await sql<{ term: string; holders: number }>`
    SELECT a.term, t.holders FROM unnest(${unknown}::text[]) AS a(term) CROSS JOIN LATERAL (
      SELECT COUNT(*)::float8 AS holders FROM chunk_terms x
      WHERE x.organization_id = ${ctx.organizationId} AND x.chunking_id = ${chunkingId} AND x.term = a.term OFFSET 0) AS t`.execute(
    ctx.tx,
  );
  for (const { term, holders: own } of rows) {
    holders.set(term, own);
    if (own > FREQUENT) known.set(term, { holders: own, chunks });
    else known.delete(term);
  }
  return holders;
}

import { type Impression, judgeImpression, type Opinion, type QueryEvidence } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { readChunkMarks } from "../../collection/index.ts";
import { hasOtherChunkings, readIndex, readSuccessors } from "../../curation/documents/index.ts";
import { carryEvidence, type Successor } from "./chunking/carry-evidence.ts";
import { type EvidenceWindow, type ImpressionRow, readImpressions } from "./store.ts";

const PAGE = 1_000;

const opinionOf = ({
  actor,
  at,
  satisfaction,
  signal,
  marks,
}: ImpressionRow["feedback"][number]): Opinion => ({
  actor,
  at: at * 1_000,
  satisfaction,
  marks: (readChunkMarks(marks) ?? []).map(({ chunk_id: chunk, relevant }) => ({ chunk, relevant })),
  followed: signal === "followed_citation",
});

/** A row as retrieval learning sees it. */
export function toImpression(row: ImpressionRow): Impression {
  return {
    id: row.id,
    query: row.query_text,
    at: row.created_at.getTime(),
    chunks: row.chunks
      .toSorted((one, other) => one.rank - other.rank)
      .map((chunk) => ({
        chunk: chunk.chunk_id,
        rank: chunk.rank,
        score: chunk.score ?? null,
        match: chunk.features?.["match"] ?? null,
        examination: chunk.examination_probability ?? null,
        citations: Math.max(0, chunk.features?.["citations"] ?? 0),
      })),
    opinions: row.feedback.map(opinionOf),
  };
}

/** An agent's evidence page by page, newest first; each page in a transaction of its own. */
export async function* evidencePages(
  ctx: Context,
  window: EvidenceWindow,
  most: number,
): AsyncGenerator<QueryEvidence[]> {
  let before: { at: Date; id: string } | undefined;
  for (let read = 0; read < most;) {
    const limit = Math.min(PAGE, most - read);
    const rows = await ctx.transact((tenant) => readImpressions(tenant, window, before, limit));
    if (rows.length > 0) yield rows.map((row) => judgeImpression(toImpression(row)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    before = { at: last.created_at, id: last.id };
    read += rows.length;
  }
}

/**
 * The latest evidence, oldest first.
 * @param chunkingId how the documents are cut that it is for: what was said of chunks of an earlier cut is said of those that hold their text
 */
export async function readEvidence(
  ctx: Context,
  window: EvidenceWindow,
  most: number,
  chunkingId: string | undefined,
): Promise<QueryEvidence[]> {
  const carry = await createCarrier(ctx, window.agentId, chunkingId);
  const pages: QueryEvidence[][] = [];
  for await (const page of evidencePages(ctx, window, most)) pages.push(await carry(page));
  return pages.flat().toReversed();
}

const NAMES_AT_ONCE = 5_000;

/** Carries evidence over to the cut in service, page by page; nothing where the documents were never cut otherwise. */
async function createCarrier(
  ctx: Context,
  agentId: string,
  chunkingId: string | undefined,
): Promise<(page: QueryEvidence[]) => Promise<QueryEvidence[]>> {
  const index = await ctx.transact((tenant) => readIndex(tenant, agentId, chunkingId));
  const isCutAnew =
    index !== undefined &&
    (await ctx.transact((tenant) => hasOtherChunkings(tenant, agentId, index.chunkingId)));
  if (!isCutAnew) return (page) => Promise.resolve(page);
  const place = { agentId, to: index.chunkingId };
  const asked = new Set<string>();
  const successors = new Map<string, Successor[]>();
  return async (page) => {
    const names = new Set(
      page.flatMap(({ candidates, signs = [] }) => [...candidates, ...signs].map(({ chunk }) => chunk)),
    );
    const unknown = [...names].filter((name) => !asked.has(name));
    for (let start = 0; start < unknown.length; start += NAMES_AT_ONCE) {
      const part = unknown.slice(start, start + NAMES_AT_ONCE);
      for (const name of part) asked.add(name);
      for (const [old, list] of await ctx.transact((tenant) => readSuccessors(tenant, place, part)))
        successors.set(old, list);
    }
    return page.map((evidence) => carryEvidence(evidence, successors));
  };
}

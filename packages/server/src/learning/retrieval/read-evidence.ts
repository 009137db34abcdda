import { type Impression, judgeImpression, type Opinion, type QueryEvidence } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { readChunkMarks } from "../../collection/index.ts";
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

/** The latest evidence, oldest first. */
export async function readEvidence(
  ctx: Context,
  window: EvidenceWindow,
  most: number,
): Promise<QueryEvidence[]> {
  const pages: QueryEvidence[][] = [];
  for await (const page of evidencePages(ctx, window, most)) pages.push(page);
  return pages.flat().toReversed();
}

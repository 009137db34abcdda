import { createBm25Index } from "../../text/bm25.ts";
import { analyse } from "../analyse.ts";
import { type ChunkSettings, cutText, type TextSpan } from "./cut-text.ts";

/** A question whose answer is known to stand in certain places. */
export interface SpanQuestion {
  id: string;
  query: string;
  /** Where the answer stands, by document. */
  spans: readonly (TextSpan & { document: string })[];
}

/** How well chunks hold what was asked for, all shares 0 to 1. */
export interface ChunkingScores {
  /** Share of the answer's characters that the chunks hold. */
  recall: number;
  /** Share of the chunks' characters that are the answer. */
  precision: number;
  /** Characters of both over characters of either. */
  iou: number;
}

/** Ways of cutting a text into chunks. */
export type Cut = (text: string) => readonly TextSpan[];

/** Chunks that a question is answered from, unless told. */
const SHOWN = 5;

interface Piece extends TextSpan {
  document: string;
}

/** Characters of `spans` that lie in `pieces`; both without overlaps among themselves. */
function shared(spans: readonly Piece[], pieces: readonly Piece[]): number {
  let sum = 0;
  for (const span of spans) {
    for (const piece of pieces) {
      if (piece.document !== span.document) continue;
      sum += Math.max(0, Math.min(span.end, piece.end) - Math.max(span.start, piece.start));
    }
  }
  return sum;
}

/** Pieces with those that touch put together. */
function merged(pieces: readonly Piece[]): Piece[] {
  const inOrder = pieces.toSorted((one, other) =>
    one.document === other.document ? one.start - other.start : one.document < other.document ? -1 : 1,
  );
  const result: Piece[] = [];
  for (const piece of inOrder) {
    const last = result.at(-1);
    if (last !== undefined && last.document === piece.document && piece.start <= last.end)
      result[result.length - 1] = { ...last, end: Math.max(last.end, piece.end) };
    else result.push(piece);
  }
  return result;
}

const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { start, end }) => sum + end - start, 0);

/**
 * Cuts documents, finds for each question the best chunks by BM25 and holds them against where the answer stands. A piece that two chunks
 * share counts once.
 * @param documents text by name
 * @param shown numbers of chunks that a question is answered from
 * @returns for each of these numbers the scores of each question, in their order
 */
export function measureChunkings(
  documents: ReadonlyMap<string, string>,
  questions: readonly SpanQuestion[],
  cut: ChunkSettings | Cut,
  shown: readonly number[],
): ChunkingScores[][] {
  const cutOne: Cut = typeof cut === "function" ? cut : (text) => cutText(text, cut);
  const chunks = [...documents].flatMap(([document, text]) =>
    cutOne(text).map((span): Piece & { text: string } => ({
      ...span,
      document,
      text: text.slice(span.start, span.end),
    })),
  );
  const index = createBm25Index(
    chunks.map(({ text }) => analyse(text)),
    { k1: 0.9, b: 0.4 },
  );
  const most = Math.max(...shown);
  const ranked = questions.map(({ query }) =>
    index.search(analyse(query), most).map(({ document }) => chunks[document] as Piece),
  );
  return shown.map((count) =>
    questions.map(({ spans }, place) => scoreChunks(spans, (ranked[place] ?? []).slice(0, count))),
  );
}

function scoreChunks(spans: readonly Piece[], chunks: readonly Piece[]): ChunkingScores {
  const [retrieved, relevant] = [merged(chunks), merged(spans)];
  const both = shared(relevant, retrieved);
  const [asked, given] = [lengthOf(relevant), lengthOf(retrieved)];
  return {
    recall: asked > 0 ? both / asked : 0,
    precision: given > 0 ? both / given : 0,
    iou: asked + given > 0 ? both / (asked + given - both) : 0,
  };
}

/** The same for one number of chunks: five unless told. */
export function measureChunking(
  documents: ReadonlyMap<string, string>,
  questions: readonly SpanQuestion[],
  cut: ChunkSettings | Cut,
  shown: number = SHOWN,
): ChunkingScores[] {
  return measureChunkings(documents, questions, cut, [shown])[0] ?? [];
}

/** The mean of each score; 0 for no question. */
export function meanChunkingScores(list: readonly ChunkingScores[]): ChunkingScores {
  const mean = (key: keyof ChunkingScores): number =>
    list.reduce((sum, scores) => sum + scores[key], 0) / (list.length || 1);
  return { recall: mean("recall"), precision: mean("precision"), iou: mean("iou") };
}

import { z } from "zod";
import { uuid } from "./identifiers.ts";

/** What a spot check was chosen for: at random, or where errors are likely. */
export const SPOT_CHECK_KINDS = [
  "uniform",
  "rank_move",
  "conflict",
  "cold_loser",
  "influential_actor",
] as const;
export type SpotCheckKind = (typeof SPOT_CHECK_KINDS)[number];

/** `unchanged`: nobody was asked, because both lists begin alike. `gone`: its words were emptied before anybody answered. */
export const SPOT_CHECK_OUTCOMES = [
  "waiting",
  "better",
  "worse",
  "tie",
  "unchanged",
  "undecidable",
  "gone",
] as const;
export type SpotCheckOutcome = (typeof SPOT_CHECK_OUTCOMES)[number];

/** Checks of one kind together. */
export interface SpotCheckRate {
  kind: SpotCheckKind;
  checks: number;
  waiting: number;
  /** People prefer the candidate's list, or the one in service, or neither. */
  better: number;
  worse: number;
  ties: number;
  unchanged: number;
  /** Rejected by people, or emptied before they answered. */
  left_out: number;
  /** Worse ones over all with an outcome, unchanged ones included; null while there is none. */
  error_rate: number | null;
  /** Of it, at 95 % (Jeffreys). */
  interval: [number, number] | null;
}

/** A chunk in a list; what it says, where the agent's documents here still have it. */
export interface ReportedChunk {
  chunk_id: string;
  document_id: string | null;
  title: string | null;
  text: string | null;
}

/** Why a chunk is where the candidate has it. */
export interface ChunkMove {
  chunk_id: string;
  /** 1 is the first; null: not among the first hundred. */
  from: number | null;
  to: number | null;
  is_relevant: boolean;
  /**
   * What the store's score, like earlier queries, and what people said of the chunk add to its score, over the mean of the query's chunks;
   * null where the candidate leaves the order to the search.
   */
  effects: { store: number; memory: number; relevance: number } | null;
  /** How well the queries that led to it match this one, 0 to 1. */
  memory: number | null;
  /** Log-odds by which what people said moved its relevance. */
  relevance: number | null;
}

export interface QueryMove {
  retrieval_id: string;
  /** null: emptied for its age or for a person's sake. */
  query: string | null;
  before: ReportedChunk[];
  after: ReportedChunk[];
  /** Of the chunks in either list, the largest first. */
  moves: ChunkMove[];
}

export interface ReportedSlice {
  slice: string;
  queries: number;
  /** nDCG@10. */
  baseline: number;
  candidate: number;
  guarded: boolean;
  worse: boolean;
}

/** How the documents of a group were cut, and would be. */
export interface ReportedCut {
  /** null: all documents. */
  group: string | null;
  documents: number;
  questions: number;
  verdict: "change" | "keep";
  reasons: string[];
  was: { size: number; overlap: number; shown: number };
  settings: { size: number; overlap: number; shown: number } | null;
  /** Shares of characters, on questions that the choice did not see. */
  before: { recall: number; precision: number; iou: number };
  after: { recall: number; precision: number; iou: number };
}

/** One document and where its chunks begin and end, in characters. */
export interface ReportedDocument {
  document_id: string;
  title: string | null;
  length: number;
  /** Places of answers. */
  passages: [number, number][];
  before: [number, number][];
  after: [number, number][];
}

export interface RetrievalReport {
  run_id: string;
  agent_id: string;
  method: string;
  /** What the gate on later queries found; null where there was none. */
  gate: {
    verdict: "promote" | "keep";
    queries: number;
    p_value: number;
    baseline: Record<string, number>;
    candidate: Record<string, number>;
    slices: ReportedSlice[];
  } | null;
  /** Queries whose first ten change most. */
  moves: QueryMove[];
  /** null where nobody was asked. */
  spot_checks: { queue_id: string | null; rates: SpotCheckRate[] } | null;
  /** null where nothing was cut anew. */
  chunking: {
    cuts: ReportedCut[];
    chunks: { before: number; after: number } | null;
    /** The documents that people ask about most. */
    documents: ReportedDocument[];
  } | null;
}

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const range = z.tuple([count, count]);

export const spotCheckRate: z.ZodType<SpotCheckRate> = z.object({
  kind: z.enum(SPOT_CHECK_KINDS),
  checks: count,
  waiting: count,
  better: count,
  worse: count,
  ties: count,
  unchanged: count,
  left_out: count,
  error_rate: share.nullable(),
  interval: z.tuple([share, share]).nullable(),
});

const reportedChunk: z.ZodType<ReportedChunk> = z.object({
  chunk_id: z.string(),
  document_id: z.string().nullable(),
  title: z.string().nullable(),
  text: z.string().nullable(),
});

const queryMove: z.ZodType<QueryMove> = z.object({
  retrieval_id: uuid,
  query: z.string().nullable(),
  before: z.array(reportedChunk),
  after: z.array(reportedChunk),
  moves: z.array(
    z.object({
      chunk_id: z.string(),
      from: z.number().int().nullable(),
      to: z.number().int().nullable(),
      is_relevant: z.boolean(),
      effects: z.object({ store: z.number(), memory: z.number(), relevance: z.number() }).nullable(),
      memory: z.number().nullable(),
      relevance: z.number().nullable(),
    }),
  ),
});

const cutting = z.object({ size: count, overlap: count, shown: count });
const cutScores = z.object({ recall: share, precision: share, iou: share });

const reportedCut: z.ZodType<ReportedCut> = z.object({
  group: z.string().nullable(),
  documents: count,
  questions: count,
  verdict: z.enum(["change", "keep"]),
  reasons: z.array(z.string()),
  was: cutting,
  settings: cutting.nullable(),
  before: cutScores,
  after: cutScores,
});

export const retrievalReport: z.ZodType<RetrievalReport> = z.object({
  run_id: uuid,
  agent_id: uuid,
  method: z.string(),
  gate: z
    .object({
      verdict: z.enum(["promote", "keep"]),
      queries: count,
      p_value: z.number(),
      baseline: z.record(z.string(), z.number()),
      candidate: z.record(z.string(), z.number()),
      slices: z.array(
        z.object({
          slice: z.string(),
          queries: count,
          baseline: z.number(),
          candidate: z.number(),
          guarded: z.boolean(),
          worse: z.boolean(),
        }),
      ),
    })
    .nullable(),
  moves: z.array(queryMove),
  spot_checks: z.object({ queue_id: uuid.nullable(), rates: z.array(spotCheckRate) }).nullable(),
  chunking: z
    .object({
      cuts: z.array(reportedCut),
      chunks: z.object({ before: count, after: count }).nullable(),
      documents: z.array(
        z.object({
          document_id: z.string(),
          title: z.string().nullable(),
          length: count,
          passages: z.array(range),
          before: z.array(range),
          after: z.array(range),
        }),
      ),
    })
    .nullable(),
});

import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { oneOrBatch } from "./one-or-batch.ts";
import { timestamp } from "./pagination.ts";
import { optionalText, text } from "./text.ts";

/** One chunk that the agent's retriever returned. */
export interface RetrievedChunk {
  chunk_id: string;
  /** 1 is the first. */
  rank: number;
  score?: number | null | undefined;
  /** What the ranker saw, by name. */
  features?: Record<string, number> | null | undefined;
  /** Probability that the reader, or the model, looked at this rank: 0 to 1. */
  examination_probability?: number | null | undefined;
  /** What the chunk says, or the part of it that was shown: for people who check orders of chunks that lie in a store of the agent's own. */
  excerpt?: string | null | undefined;
}

/** What is kept of an excerpt, in UTF-16 code units. */
export const MAXIMUM_EXCERPT: number = 4_000;

const chunk: z.ZodType<RetrievedChunk> = z.object({
  chunk_id: externalId,
  rank: z.number().int().min(1).max(10_000),
  score: z.number().nullish(),
  features: z.record(z.string().min(1).max(100), z.number()).nullish(),
  examination_probability: z.number().min(0).max(1).nullish(),
  excerpt: optionalText.nullish(),
});

export interface RecordRetrieval {
  /** The caller's id for this retrieval; without it, execution and query tell it from others. */
  id?: string | null | undefined;
  agent_id: string;
  /** The caller's own id of the execution, or ours. It may arrive before its execution does. */
  execution_id: string;
  query: string;
  chunks: RetrievedChunk[];
  ranker_version?: string | null | undefined;
}

export const recordRetrieval: z.ZodType<RecordRetrieval> = z.object({
  id: uuid.nullish(),
  agent_id: agentReference,
  execution_id: externalId,
  query: text,
  chunks: z
    .array(chunk)
    .max(200)
    .refine((chunks) => new Set(chunks.map(({ rank }) => rank)).size === chunks.length, {
      error: "two chunks have the same rank",
    }),
  ranker_version: z.string().min(1).max(100).nullish(),
});

/** One retrieval, or `{ "retrievals": [1 to 500] }`. */
export const recordRetrievals: z.ZodType<{ items: RecordRetrieval[]; batch: boolean }> = oneOrBatch(
  recordRetrieval,
  "retrievals",
);

export interface RecordedRetrieval {
  id: string;
  status: "recorded" | "duplicate";
  /** False while its execution is not known. */
  attached: boolean;
}

export const recordedRetrieval: z.ZodType<RecordedRetrieval> = z.object({
  id: uuid,
  status: z.enum(["recorded", "duplicate"]),
  attached: z.boolean(),
});

/** One result for each item, in the order of the request. */
export const recordedRetrievals: z.ZodType<{ results: RecordedRetrieval[] }> = z.object({
  results: z.array(recordedRetrieval),
});

export interface Retrieval {
  id: string;
  agent_id: string;
  /** The caller's own id of the execution. */
  execution_id: string;
  attached: boolean;
  query: string;
  chunks: RetrievedChunk[];
  ranker_version: string | null;
  created_at: string;
}

export const retrieval: z.ZodType<Retrieval> = z.object({
  id: uuid,
  agent_id: uuid,
  execution_id: z.string(),
  attached: z.boolean(),
  query: z.string(),
  chunks: z.array(chunk),
  ranker_version: z.string().nullable(),
  created_at: timestamp,
});

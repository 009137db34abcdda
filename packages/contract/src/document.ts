import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { ENVIRONMENTS, type Environment } from "./serving.ts";
import { MAXIMUM_TEXT, text } from "./text.ts";

/** The caller's own id of a document; shorter than other ids, because chunks are named after it. */
export const documentId: z.ZodString = z.string().min(1).max(150);

export interface IndexDocument {
  document_id: string;
  title: string;
  text: string;
  metadata: Record<string, JsonValue>;
}

const indexDocument: z.ZodType<IndexDocument> = z.object({
  document_id: documentId,
  title: z.string().max(1_000).default(""),
  text,
  metadata: jsonObject.default({}),
});

/** Up to 100 documents, two million characters together. */
export const indexDocuments: z.ZodType<{ documents: IndexDocument[] }> = z.object({
  documents: z
    .array(indexDocument)
    .min(1)
    .max(100)
    .refine((list) => new Set(list.map(({ document_id: id }) => id)).size === list.length, {
      error: "names a document twice",
    })
    .refine((list) => list.reduce((sum, one) => sum + one.text.length, 0) <= 10 * MAXIMUM_TEXT, {
      error: "has more than two million characters: send fewer documents at a time",
    }),
});

export interface IndexedDocuments {
  /** In the order of the request. */
  documents: { document_id: string; status: "created" | "updated" | "unchanged"; chunks: number }[];
}

export const indexedDocuments: z.ZodType<IndexedDocuments> = z.object({
  documents: z.array(
    z.object({
      document_id: z.string(),
      status: z.enum(["created", "updated", "unchanged"]),
      chunks: z.number().int(),
    }),
  ),
});

/** A document in a list: everything but its text. */
export interface DocumentSummary {
  document_id: string;
  title: string;
  metadata: Record<string, JsonValue>;
  chunks: number;
  created_at: string;
  updated_at: string;
}

export const documentSummary: z.ZodType<DocumentSummary> = z.object({
  document_id: z.string(),
  title: z.string(),
  metadata: jsonObject,
  chunks: z.number().int(),
  created_at: timestamp,
  updated_at: timestamp,
});

export interface Retrieve {
  agent_id: string;
  query: string;
  /** Chunks at most; as many as the version has learned to show, or 10, unless given. */
  limit?: number | undefined;
  environment: Environment;
  /** Whom it is for: experiments and rollouts divide by it. Without it, the version that serves by default. */
  unit_id?: string | undefined;
  /** This version, whatever serves. */
  version_id?: string | undefined;
}

export const retrieve: z.ZodType<Retrieve> = z.object({
  agent_id: agentReference,
  query: text,
  limit: z.number().int().min(1).max(100).optional(),
  environment: z.enum(ENVIRONMENTS).default("production"),
  unit_id: externalId.optional(),
  version_id: uuid.optional(),
});

export interface RetrievedText {
  chunk_id: string;
  document_id: string;
  title: string;
  text: string;
  /** UTF-16 code units of the document's text. */
  start: number;
  end: number;
  /** 1 is the first. */
  rank: number;
  /** BM25, to be recorded with the retrieval; null for a chunk that the memory alone named. */
  score: number | null;
  /** Its share of what a perfect match would score, to be recorded as the feature `match`. */
  match: number | null;
}

export interface RetrievedTexts {
  chunks: RetrievedText[];
  version_id: string | null;
  /** To be recorded as the retrieval's `ranker_version`: the artifact, or `store` where the store's order stands. */
  ranker_version: string;
  /** What the caller should know, in sentences. */
  notes: string[];
}

export const retrievedTexts: z.ZodType<RetrievedTexts> = z.object({
  chunks: z.array(
    z.object({
      chunk_id: z.string(),
      document_id: z.string(),
      title: z.string(),
      text: z.string(),
      start: z.number().int(),
      end: z.number().int(),
      rank: z.number().int(),
      score: z.number().nullable(),
      match: z.number().nullable(),
    }),
  ),
  version_id: uuid.nullable(),
  ranker_version: z.string(),
  notes: z.array(z.string()),
});

import { z } from "zod";
import { agentReference } from "./identifiers.ts";

/** The formats of dataset exports, the other way round. */
export const IMPORT_FORMATS = ["jsonl", "chat", "preference", "kto", "sharegpt", "parquet"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportExamplesQuery {
  agent_id: string;
  format: ImportFormat;
  /** `skip` keeps the good rows; `refuse` stores nothing when one row is bad. */
  on_error: "skip" | "refuse";
}

export const importExamplesQuery: z.ZodType<ImportExamplesQuery> = z.object({
  agent_id: agentReference,
  format: z.enum(IMPORT_FORMATS).default("jsonl"),
  on_error: z.enum(["skip", "refuse"]).default("skip"),
});

export interface ImportRejection {
  /** From 1; in Parquet the number of the row. */
  line: number;
  reason: string;
}

export interface ImportReport {
  /** Rows that were read; empty lines are none. */
  rows: number;
  imported: number;
  /** Rows with the content of an example that was imported before, in this file or an earlier one. */
  duplicates: number;
  rejected: number;
  /** The first 1,000 of them; `Accept: application/x-ndjson` gives all. */
  rejections: ImportRejection[];
}

const count = z.number().int();

export const importReport: z.ZodType<ImportReport> = z.object({
  rows: count,
  imported: count,
  duplicates: count,
  rejected: count,
  rejections: z.array(z.object({ line: count, reason: z.string() })),
});

import type { FieldError } from "@agent-learning/contract";
import { externalId, type JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/** What a person said of one retrieved chunk: `metadata.chunk_marks` of a feedback. */
export interface ChunkMark {
  chunk_id: string;
  relevant: boolean;
}

const schema: z.ZodType<ChunkMark[]> = z
  .array(z.object({ chunk_id: externalId, relevant: z.boolean() }))
  .max(200)
  .refine((marks) => new Set(marks.map((mark) => mark.chunk_id)).size === marks.length, {
    error: "names a chunk twice",
  });

/** Marks as they were stored; undefined where there are none, or none that can be read. */
export function readChunkMarks(value: unknown): ChunkMark[] | undefined {
  return schema.safeParse(value).data;
}

/** What is wrong with the marks of a feedback, if it has any. */
export function checkChunkMarks(metadata: Readonly<Record<string, JsonValue>>): FieldError[] {
  const { chunk_marks: marks } = metadata;
  if (marks === undefined) return [];
  const issues = schema.safeParse(marks).error?.issues ?? [];
  return issues.map(({ path, message }) => ({
    path: ["metadata.chunk_marks", ...path].join("."),
    message: `${message}: a mark is { "chunk_id": "…", "relevant": true }, one for each chunk`,
  }));
}

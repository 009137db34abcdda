import { documentId, type FieldError, type JsonValue } from "@agent-learning/contract";
import { z } from "zod";

/** Where in a document an answer stands: `metadata.passages` of a feedback. */
export interface PassageMark {
  document_id: string;
  /** UTF-16 code units of the document's text. */
  start: number;
  end: number;
  /** What stands there, so that it is found again in a document that has changed. */
  quote?: string | undefined;
  /** It was shown only in part. */
  cut?: boolean | undefined;
}

const place = z.number().int().min(0).max(100_000_000);
const schema: z.ZodType<PassageMark[]> = z
  .array(
    z
      .object({
        document_id: documentId,
        start: place,
        end: place,
        quote: z.string().min(1).max(20_000).optional(),
        cut: z.boolean().optional(),
      })
      .refine(({ start, end }) => start < end, { error: "ends before it starts", path: ["end"] }),
  )
  .max(50);

/** Marks as they were stored; undefined where there are none, or none that can be read. */
export function readPassageMarks(value: unknown): PassageMark[] | undefined {
  return schema.safeParse(value).data;
}

/** What is wrong with the passages of a feedback, if it has any. */
export function checkPassageMarks(metadata: Readonly<Record<string, JsonValue>>): FieldError[] {
  const { passages } = metadata;
  if (passages === undefined) return [];
  const issues = schema.safeParse(passages).error?.issues ?? [];
  return issues.map(({ path, message }) => ({
    path: ["metadata.passages", ...path].join("."),
    message: `${message}: a passage is { "document_id": "…", "start": 0, "end": 80 }, in UTF-16 code units of the document's text`,
  }));
}

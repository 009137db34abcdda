import type { FieldError } from "@agent-learning/contract";
import type { z } from "zod";
import { ProblemError } from "./problem-error.ts";

/**
 * Parses one part of a request.
 * @param part "body", "query" or "path": the first step of each error's path
 * @throws ProblemError malformed-request with one entry per offending field
 */
export function parseInput<T>(
  schema: z.ZodType<T> | undefined,
  value: unknown,
  part: "body" | "query" | "path",
): T {
  if (schema === undefined) return undefined as T;
  const result = schema.safeParse(value === undefined ? {} : value);
  if (result.success) return result.data;
  const errors: FieldError[] = result.error.issues.slice(0, 20).map((issue) => ({
    path: [part, ...issue.path.map(String)].join("."),
    message: issue.message,
  }));
  const first = errors[0];
  throw new ProblemError(
    "malformed-request",
    `${first?.path} is not as expected: ${first?.message}. Correct it and send the request again.`,
    {
      errors,
    },
  );
}

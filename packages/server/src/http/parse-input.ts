import type { FieldError } from "@agent-learning/contract";
import type { z } from "zod";
import { missingNumber } from "./missing-numbers.ts";
import { ProblemError } from "./problem-error.ts";
import { withoutNumbers } from "./read-body.ts";

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** What is said of an issue: a number that went missing on its way is named as such. */
function messageOf(issue: z.core.$ZodIssue, value: unknown): { message: string; isMissingNumber: boolean } {
  const expectsNumber =
    issue.code === "invalid_type" && (issue.expected === "number" || issue.expected === "int");
  const message = expectsNumber ? missingNumber(valueAt(value, issue.path)) : undefined;
  return { message: message ?? issue.message, isMissingNumber: message !== undefined };
}

/**
 * Parses one part of a request.
 * @param part "body", "query" or "path": the first step of each error's path
 * @throws ProblemError malformed-request with one entry per offending field; unprocessable where nothing is wrong but that numbers
 *   are NaN or infinite
 */
export function parseInput<T>(
  schema: z.ZodType<T> | undefined,
  value: unknown,
  part: "body" | "query" | "path",
): T {
  if (schema === undefined) return undefined as T;
  const result = schema.safeParse(value === undefined ? {} : value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 20).map((issue) => ({
    path: [part, ...issue.path.map(String)].join("."),
    ...messageOf(issue, value),
  }));
  const errors: FieldError[] = issues.map(({ path, message }) => ({ path, message }));
  if (part === "body" && issues.every((issue) => issue.isMissingNumber)) throw withoutNumbers(errors);
  const first = errors[0];
  throw new ProblemError(
    "malformed-request",
    `${first?.path} is not as expected: ${first?.message}. Correct it and send the request again.`,
    {
      errors,
    },
  );
}

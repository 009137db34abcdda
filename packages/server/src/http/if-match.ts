import { ProblemError } from "./problem-error.ts";

/** The entity tag of a row that is changed by compare-and-set on `version`. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that the caller read, from If-Match.
 * @throws ProblemError precondition-required without the header, malformed-request when it is not a tag of ours
 */
export function requireIfMatch(header: string | string[] | undefined): number {
  if (header === undefined) {
    throw new ProblemError(
      "precondition-required",
      "Send If-Match with the ETag that you read, so that nobody's change is lost.",
      {
        errors: [{ path: "header.if-match", message: "is required" }],
      },
    );
  }
  const match = typeof header === "string" ? /^(?:W\/)?"(\d{1,9})"$/.exec(header) : null;
  if (match === null) {
    throw new ProblemError("malformed-request", "If-Match must be the ETag that the resource came with.", {
      errors: [{ path: "header.if-match", message: "is not an ETag of this API" }],
    });
  }
  return Number(match[1]);
}

/** As `requireIfMatch`, for what may be done without: undefined when the header is absent. */
export function readIfMatch(header: string | string[] | undefined): number | undefined {
  return header === undefined ? undefined : requireIfMatch(header);
}

/** @throws ProblemError precondition-failed when the row has moved on */
export function assertVersion(expected: number, actual: number): void {
  if (expected !== actual) {
    throw new ProblemError(
      "precondition-failed",
      `The resource is at version ${actual}, you read ${expected}. Read it again and repeat the change.`,
    );
  }
}

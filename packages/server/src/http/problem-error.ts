import { type FieldError, PROBLEM_STATUS, type Problem, type ProblemType } from "@agent-learning/contract";

const TITLES: Record<ProblemType, string> = {
  "malformed-request": "The request is malformed",
  unauthenticated: "No valid key",
  forbidden: "The key may not do this",
  "not-found": "Not found",
  "method-not-allowed": "Method not allowed",
  conflict: "Conflict with the present state",
  "in-flight": "The same request is being worked on",
  "precondition-failed": "The resource has changed",
  "payload-too-large": "The body is too large",
  "unsupported-media-type": "Unsupported media type",
  unprocessable: "The request cannot be carried out",
  "precondition-required": "If-Match is required",
  "rate-limited": "Too many requests",
  "internal-error": "Internal error",
  unavailable: "Temporarily unavailable",
};

export interface ProblemOptions {
  errors?: FieldError[];
  /** Seconds after which trying again makes sense: sent as Retry-After. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** An outcome that the caller is told about, as RFC 9457 problem details. Verbs throw it; the error handler sends it. */
export class ProblemError extends Error {
  override name = "ProblemError";
  readonly type: ProblemType;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /** @param detail a sentence: what happened, why, what to do */
  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.type = type;
    this.status = PROBLEM_STATUS[type];
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** The body that goes over the wire. */
  toProblem(instance: string): Problem {
    return {
      type: `urn:agent-learning:problem:${this.type}`,
      title: TITLES[this.type],
      status: this.status,
      detail: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      instance,
    };
  }
}

/** 404 in the same words for a row that is not there and for another organization's row. */
export function notFound(what: string, id: string, path: string): ProblemError {
  return new ProblemError(
    "not-found",
    `There is no ${what} ${JSON.stringify(id)} in this organization. Check the id.`,
    {
      errors: [{ path, message: `no such ${what}` }],
    },
  );
}

/** 422: well-formed, but it cannot be done as asked. `path` is the field to change. */
export function unprocessable(
  path: string,
  message: string,
  detail: string = `${path} ${message}${message.endsWith(".") ? "" : "."}`,
): ProblemError {
  return new ProblemError("unprocessable", detail, { errors: [{ path, message }] });
}

/** 409: the present state does not allow it. */
export function conflict(detail: string): ProblemError {
  return new ProblemError("conflict", detail);
}

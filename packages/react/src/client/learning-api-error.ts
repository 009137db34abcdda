import type { FieldError, Problem, ProblemType } from "@agent-learning/contract";

/** The API refused, or could not be reached (`status` 0). `message` says what happened and what to do. */
export class LearningApiError extends Error {
  override name = "LearningApiError";
  readonly isLearningApiError = true;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The last part of the problem's `type`: `not-found`, `precondition-failed` … ; `network` without an answer. */
  readonly type: ProblemType | "network" | "unknown";
  /** The fields that were refused. */
  readonly errors: readonly FieldError[];
  /** When the server says when to try again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    detail: {
      status: number;
      type: LearningApiError["type"];
      errors?: readonly FieldError[] | undefined;
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: detail.cause });
    this.status = detail.status;
    this.type = detail.type;
    this.errors = detail.errors ?? [];
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }

  /** True for an error of this class, also from another copy of the package. */
  static isInstance(error: unknown): error is LearningApiError {
    return typeof error === "object" && error !== null && "isLearningApiError" in error;
  }
}

/** The error that a response other than 2xx stands for. */
export async function readProblem(response: Response): Promise<LearningApiError> {
  const { status } = response;
  const wait = Number(response.headers.get("retry-after"));
  const retryAfterSeconds = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  const isProblem = response.headers.get("content-type")?.includes("problem+json") === true;
  const body: unknown = isProblem ? await response.json().catch(() => undefined) : undefined;
  if (typeof body !== "object" || body === null) {
    return new LearningApiError(`The server answered ${status}. Is this the address of a learning server?`, {
      status,
      type: "unknown",
      retryAfterSeconds,
    });
  }
  const problem = body as Problem;
  return new LearningApiError(problem.detail, {
    status,
    type: (problem.type.split(/[/:#]/).at(-1) ?? "unknown") as ProblemType,
    errors: problem.errors,
    retryAfterSeconds,
  });
}

/** Thrown when several calls in a row failed: the endpoint of the model or of the evaluator, not the candidate, is what is wrong. */
export class ModelUnavailable extends Error {
  constructor(failures: number, cause: unknown, what: "model" | "evaluator" = "model") {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The ${what} failed ${failures} times in a row: ${reason}`, { cause });
    this.name = "ModelUnavailable";
  }

  static isInstance(error: unknown): error is ModelUnavailable {
    return error instanceof Error && error.name === "ModelUnavailable";
  }
}

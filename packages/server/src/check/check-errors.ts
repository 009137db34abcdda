/** The check cannot be made as it was asked for: an option, a file or a key is wrong. */
export class CheckUsageError extends Error {
  override name = "CheckUsageError";
}

/** There is no verdict, and it is not the candidate's fault: the server is away, the run failed, or it took too long. */
export class NoVerdictError extends Error {
  override name = "NoVerdictError";
}

/** The command cannot be carried out as it was asked for: an option, a run or a key is wrong. */
export class TrainingUsageError extends Error {
  override name = "TrainingUsageError";
}

/** The server refused: the run is not where it would have to be. */
export class TrainingRefusedError extends Error {
  override name = "TrainingRefusedError";
}

/** The server cannot be reached, or fails. */
export class ServerAwayError extends Error {
  override name = "ServerAwayError";
}

import { type ApiClient, ApiProblem, createApiClient } from "../demo/api-client.ts";
import { ServerAwayError, TrainingRefusedError, TrainingUsageError } from "./training-errors.ts";

/** What every command about training takes, as Commander gives it. */
export interface ServerOptions {
  url?: string;
  key?: string;
  json?: boolean;
}

export interface TrainingServer {
  readonly url: string;
  readonly key: string;
  readonly api: ApiClient;
  /** Runs calls to the API and says in the command's own terms what went wrong. */
  ask<T>(calls: (api: ApiClient) => Promise<T>): Promise<T>;
}

/** @throws TrainingUsageError for an address or a key that is missing or wrong */
export function openServer(
  given: ServerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): TrainingServer {
  const url = (given.url ?? environment["LEARNING_URL"] ?? "").replace(/\/+$/, "");
  const key = given.key ?? environment["LEARNING_KEY"] ?? "";
  if (!/^https?:\/\/[^\s/]+/.test(url))
    throw new TrainingUsageError("Say where the server is: --url http://… or LEARNING_URL.");
  if (key === "") throw new TrainingUsageError("Give a key: LEARNING_KEY, or --key.");
  const api = createApiClient(url, key);
  return {
    url,
    key,
    api,
    ask: async (calls) => {
      try {
        return await calls(api);
      } catch (error) {
        throw explainRefusal(error, url);
      }
    },
  };
}

function explainRefusal(error: unknown, url: string): unknown {
  if (error instanceof ApiProblem) {
    if (error.status >= 500 || error.status === 429)
      return new ServerAwayError(`The server failed: ${error.message}`);
    const Kind = error.status === 409 ? TrainingRefusedError : TrainingUsageError;
    return new Kind(`The server refused: ${error.message}`);
  }
  if (error instanceof SyntaxError)
    return new ServerAwayError(`What answers at ${url} is not an Agent Learning server.`);
  if (error instanceof TypeError) {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    return new ServerAwayError(`The server cannot be reached at ${url} (${cause}).`);
  }
  return error;
}

import { APICallError, InvalidResponseDataError, RetryError } from "ai";
import { ModelEndpointError } from "./model-endpoint-error.ts";

interface Circumstances {
  url: string;
  secrets: readonly (string | undefined)[];
  /** Milliseconds, where the time for the call was over. */
  timedOutAfter: number | undefined;
}

/** What the AI SDK threw, as an error that names the endpoint and keeps its secrets. */
export function toEndpointError(error: unknown, circumstances: Circumstances): ModelEndpointError {
  const { url, secrets, timedOutAfter } = circumstances;
  if (timedOutAfter !== undefined) {
    return new ModelEndpointError({
      url,
      secrets,
      problem: `gave no usable answer within ${timedOutAfter / 1000} seconds`,
    });
  }
  const last = RetryError.isInstance(error) ? error.lastError : error;
  const tries = RetryError.isInstance(error) && error.errors.length > 1 ? error.errors.length : undefined;
  const { problem, ...rest } = describe(last);
  return new ModelEndpointError({
    url,
    secrets,
    problem: tries === undefined ? problem : `${problem}, ${tries} times`,
    ...rest,
  });
}

function describe(error: unknown): {
  problem: string;
  detail?: string | undefined;
  status?: number | undefined;
} {
  if (InvalidResponseDataError.isInstance(error)) return { problem: "answered without any choice" };
  if (!APICallError.isInstance(error)) {
    return { problem: "could not be asked", detail: error instanceof Error ? error.message : String(error) };
  }
  const { statusCode: status, message, responseBody } = error;
  if (status === undefined) {
    return { problem: "cannot be reached", detail: message.replace("Cannot connect to API: ", "") };
  }
  if (status >= 400) return { problem: `answered ${status}`, detail: message, status };
  return { problem: "gave no chat completion", detail: responseBody ?? message, status };
}

import type { Clock } from "./clock.ts";
import type { Fetch, FetchInit, FetchResponse } from "./fetch.ts";

/** A complete answer. */
export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

/** Why there is no complete answer. */
export class RequestFailure extends Error {
  override name = "RequestFailure";
  readonly reason: "network" | "timeout" | "garbage" | "aborted";

  constructor(reason: RequestFailure["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** What was thrown, as the reason why there is no answer. */
export function failureOf(error: unknown): RequestFailure {
  return error instanceof RequestFailure ? error : new RequestFailure("network", describe(error), error);
}

export interface RequestOptions {
  fetch: Fetch;
  clock: Clock;
  url: string;
  init: Omit<FetchInit, "signal" | "redirect">;
  /** For everything: connecting, waiting, reading. */
  timeoutMilliseconds: number;
  /** Longest body that is read, in bytes. */
  limitBytes: number;
  signal: AbortSignal;
}

async function readText(response: FetchResponse, limitBytes: number): Promise<string> {
  if (response.body === undefined) return response.text();
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value?.byteLength ?? 0;
    if (bytes > limitBytes) {
      void reader.cancel().catch(() => undefined);
      throw new RequestFailure("garbage", `the answer has more than ${limitBytes} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * One request, answered in full within the time or not at all, even when `fetch` itself ignores its signal.
 * @throws RequestFailure and nothing else
 */
export function request(options: RequestOptions): Promise<Answer> {
  const { fetch, clock, url, init, timeoutMilliseconds, limitBytes, signal } = options;
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", onAbort);
    };
    const fail = (failure: RequestFailure): void => {
      end();
      reject(failure);
      controller.abort();
    };
    const onAbort = (): void => fail(new RequestFailure("aborted", "the request was given up"));
    const cancel = clock.after(timeoutMilliseconds, () =>
      fail(new RequestFailure("timeout", `no complete answer within ${timeoutMilliseconds} ms`)),
    );
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    const exchange = async (): Promise<Answer> => {
      const response = await fetch(url, { ...init, signal: controller.signal, redirect: "error" });
      return {
        status: response.status,
        headers: response.headers,
        text: await readText(response, limitBytes),
      };
    };
    exchange().then(
      (answer) => {
        end();
        resolve(answer);
      },
      (error: unknown) => fail(failureOf(error)),
    );
  });
}

// fetch says "fetch failed" and keeps the reason in `cause`.
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "the request failed";
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return `${error.message}: ${cause.message === "" ? ((cause as { code?: string }).code ?? cause.name) : cause.message}`;
}

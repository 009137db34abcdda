import { type CamelCased, toCamelCase, toSnakeCase } from "./case.ts";
import { LearningApiError, readProblem } from "./learning-api-error.ts";
import { readEvents, type StreamedEvent } from "./read-events.ts";

/** A key, or how to get one at each request; undefined: none (a session of the same origin may stand in). */
export type KeySource = string | (() => string | undefined | Promise<string | undefined>) | undefined;

export interface LearningClientOptions {
  /** Where the server is: `https://learning.example`. Empty: the page's own origin. */
  baseUrl?: string | undefined;
  /** Key of the person who looks. Never put a secret machine key into a page. */
  apiKey?: KeySource;
  /** For tests and for platforms without a global one. */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface RequestOptions {
  /** In camelCase; undefined is left out. */
  query?: object | undefined;
  /** In camelCase. */
  body?: object | undefined;
  /** The version or revision that was read: sent as If-Match. */
  ifMatch?: number | undefined;
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Outlives the page: for what is sent while it closes. */
  keepalive?: boolean | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Requests to `/api/learning`, camelCase in and out. */
export interface LearningClient {
  readonly baseUrl: string;
  /**
   * @param path below `/api/learning`, each part encoded
   * @returns the body; undefined for an answer without one
   * @throws LearningApiError
   */
  request<T>(method: Method, path: string, options?: RequestOptions): Promise<CamelCased<T>>;
  /** The body as it is, which a browser keeps on its disk when it is large: exports. */
  blob(path: string, options?: RequestOptions): Promise<Blob>;
  /** Server-Sent Events; reconnecting is the caller's. */
  events(
    path: string,
    options: { lastEventId?: string | undefined; signal: AbortSignal },
  ): AsyncGenerator<StreamedEvent>;
}

function writeQuery(query: object | undefined): string {
  const pairs = Object.entries(toSnakeCase<Record<string, unknown>>((query ?? {}) as never))
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

/** A client over `fetch`. */
export function createLearningClient(options: LearningClientOptions = {}): LearningClient {
  const baseUrl = (options.baseUrl ?? "").replace(/\/+$/, "");

  async function send(
    method: Method,
    path: string,
    extra: Record<string, string>,
    request: RequestOptions,
  ): Promise<Response> {
    const { apiKey } = options;
    const key = typeof apiKey === "function" ? await apiKey() : apiKey;
    const headers: Record<string, string> = { accept: "application/json", ...extra };
    if (key !== undefined && key !== "") headers.authorization = `Bearer ${key}`;
    if (request.body !== undefined) headers["content-type"] = "application/json";
    if (request.ifMatch !== undefined) headers["if-match"] = `"${request.ifMatch}"`;
    if (request.idempotencyKey !== undefined) headers["idempotency-key"] = request.idempotencyKey;
    let response: Response;
    try {
      response = await (options.fetch ?? globalThis.fetch)(
        `${baseUrl}/api/learning${path}${writeQuery(request.query)}`,
        {
          method,
          headers,
          credentials: "same-origin",
          keepalive: request.keepalive ?? false,
          ...(request.body === undefined ? {} : { body: JSON.stringify(toSnakeCase(request.body as never)) }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        },
      );
    } catch (cause) {
      if (request.signal?.aborted === true) throw cause;
      throw new LearningApiError(
        "The learning server cannot be reached. Check the connection and try again.",
        {
          status: 0,
          type: "network",
          cause,
        },
      );
    }
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  return {
    baseUrl,
    request: async <T>(
      method: Method,
      path: string,
      request: RequestOptions = {},
    ): Promise<CamelCased<T>> => {
      const response = await send(method, path, {}, request);
      const text = await response.text();
      return (text === "" ? undefined : toCamelCase(JSON.parse(text) as T)) as CamelCased<T>;
    },
    blob: async (path, request = {}) => (await send("GET", path, { accept: "*/*" }, request)).blob(),
    events: async function* (path, { lastEventId, signal }) {
      const resume = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
      const response = await send("GET", path, { accept: "text/event-stream", ...resume }, { signal });
      if (response.body !== null) yield* readEvents(response.body);
    },
  };
}

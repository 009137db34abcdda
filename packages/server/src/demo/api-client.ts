import type { Problem } from "@agent-learning/contract";

/** The API answered with a problem. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly status: number;

  constructor(what: string, status: number, problem: Partial<Problem>) {
    super(`${what} answered ${status}: ${problem.detail ?? "no detail"}`);
    this.status = status;
  }
}

/** The API as one person or machine uses it. Bodies in, parsed answers out; anything but 2xx throws ApiProblem. */
export interface ApiClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Reads the resource for its ETag, then patches it. */
  patch<T>(path: string, body: unknown, etag?: string): Promise<T>;
}

const BASE = "/api/learning";

export function createApiClient(url: string, key: string): ApiClient {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    etag?: string,
  ): Promise<{ value: unknown; etag: string | null }> => {
    const response = await fetch(`${url}${BASE}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(etag === undefined ? {} : { "if-match": etag }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = text === "" ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiProblem(`${method} ${path}`, response.status, value as Partial<Problem>);
    return { value, etag: response.headers.get("etag") };
  };
  return {
    get: async <T>(path: string) => (await call("GET", path)).value as T,
    post: async <T>(path: string, body: unknown) => (await call("POST", path, body)).value as T,
    patch: async <T>(path: string, body: unknown, etag?: string) => {
      const known = etag ?? (await call("GET", path)).etag ?? '"1"';
      return (await call("PATCH", path, body, known)).value as T;
    },
  };
}

import type { WireContent } from "../answers.ts";

export interface FeedbackTarget {
  agentId: string;
  executionId: string;
}

export interface TransportSettings {
  baseUrl: string;
  /** A feedback token, or a key that may give feedback. Without it the server is asked for one, as its own pages may. */
  getToken: ((target: FeedbackTarget) => string | undefined | Promise<string | undefined>) | undefined;
  fetch: typeof globalThis.fetch | undefined;
}

/** Why something was not taken. `retry`: it may be later. */
export interface Refusal {
  retry: boolean;
  message: string;
  /** Milliseconds that the server asks to wait. */
  wait: number;
}

export interface Transport {
  /** @returns the feedback's id @throws Refusal */
  submit(content: WireContent, key: string): Promise<string>;
  /** Taking back what is gone is no error. @throws Refusal */
  withdraw(id: string): Promise<void>;
}

/** What may be wrong with an answer, as the organization calls it. */
export interface IssueCategory {
  slug: string;
  label: string;
}

// Above this, browsers refuse requests that outlive their page.
const KEEPALIVE_BYTES = 30_000;
const RETRIED = new Set([404, 408, 409, 425, 429]);

// A browser without its cookie yet asks once, and again when it has it.
let queue: Promise<unknown> = Promise.resolve();

/** Sends to the API of `settings()`, each time as they are then; asks for a token once and again when it has expired. */
export function createTransport(
  settings: () => TransportSettings,
  target: FeedbackTarget,
): Transport & { categories(): Promise<IssueCategory[] | undefined> } {
  let known: Promise<string | undefined> | undefined;
  const about = { agent_id: target.agentId, execution_id: target.executionId };

  async function request(
    path: string,
    method: string,
    body?: object,
    key?: string,
    token?: string,
  ): Promise<Response> {
    const { baseUrl, fetch = globalThis.fetch } = settings();
    const text = body && JSON.stringify(body);
    return fetch(`${baseUrl}/api/learning/feedback${path}`, {
      method,
      headers: {
        ...(text && { "content-type": "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(key && { "idempotency-key": key }),
      },
      ...(text && { body: text }),
      keepalive: (text?.length ?? 0) < KEEPALIVE_BYTES,
    });
  }

  async function refusal(response: Response): Promise<Refusal> {
    const { status, headers } = response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    return {
      retry: status > 499 || RETRIED.has(status),
      message: problem.detail ?? `The server answered ${status}.`,
      wait: 1_000 * (Number(headers.get("retry-after")) || 0),
    };
  }

  async function askServer(): Promise<string> {
    const answer = await request("-tokens/browser", "POST", about);
    if (!answer.ok) throw await refusal(answer);
    return ((await answer.json()) as { token: string }).token;
  }

  /** One token for whoever asks meanwhile: two first requests of a browser would make it two raters. */
  async function findToken(): Promise<string | undefined> {
    const { getToken } = settings();
    if (getToken) known ??= Promise.resolve(getToken(target));
    else if (!known) queue = known = queue.then(askServer, askServer);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  }

  async function call(path: string, method: string, body?: object, key?: string): Promise<Response> {
    try {
      for (let attempt = 0; ; attempt++) {
        const response = await request(path, method, body, key, await findToken());
        if (response.status !== 401 || attempt > 0) return response;
        known = undefined;
      }
    } catch (error) {
      throw (error as Refusal).retry === undefined
        ? { retry: true, message: "The server cannot be reached.", wait: 0 }
        : error;
    }
  }

  return {
    categories: async () => {
      const answer = await call("-categories", "GET");
      return answer.ok ? ((await answer.json()) as { categories: IssueCategory[] }).categories : undefined;
    },
    submit: async (content, key) => {
      const response = await call("", "POST", { ...about, ...content }, key);
      if (!response.ok) throw await refusal(response);
      return ((await response.json()) as { id: string }).id;
    },
    withdraw: async (id) => {
      const response = await call(`/${id}`, "DELETE");
      if (!response.ok && response.status !== 404) throw await refusal(response);
    },
  };
}

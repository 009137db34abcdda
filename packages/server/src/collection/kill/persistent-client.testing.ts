import { ADMIN_KEY, type ServerUnderKill } from "./server-under-kill.testing.ts";

/** An acknowledged feedback: what was said, and the id that the answer gave. */
export interface Acknowledgement {
  id: string;
  text: string;
}

/** A client that sends each call again, under the same Idempotency-Key, until it is acknowledged. */
export interface PersistentClient {
  post<T>(path: string, body: unknown, key: string): Promise<T>;
  /** Calls that had to be sent more than once. */
  readonly resent: () => number;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export function createPersistentClient(server: ServerUnderKill): PersistentClient {
  let resent = 0;

  async function attempt<T>(path: string, body: unknown, key: string): Promise<T | undefined> {
    const url = server.url();
    if (url === undefined) return undefined;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}/api/learning${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
      text = await response.text();
    } catch {
      return undefined;
    }
    // In flight, or the database is coming back: the same call will be answered later.
    if (/problem:(in-flight|unavailable)/.test(text)) return undefined;
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  return {
    resent: () => resent,
    post: async <T>(path: string, body: unknown, key: string): Promise<T> => {
      for (let tries = 0; ; tries += 1) {
        const answer = await attempt<T>(path, body, key);
        if (answer !== undefined) return answer;
        if (tries === 0) resent += 1;
        await pause(20);
      }
    },
  };
}

/** The agent that the load is about. */
export const KILL_AGENT = "kill-agent";

/** Executions that exist before the load. */
export const KNOWN_EXECUTIONS = 50;

/** One feedback of the load, the only one with this number: every kind, some of them ahead of their executions. */
export function loadFeedback(number: number): Record<string, unknown> {
  const kinds = [
    { feedback_type: "comment" },
    { feedback_type: "rating", rating: (number % 5) + 1, dimensions: { clarity: 4 } },
    { feedback_type: "correction", correction_text: `Answer ${number}` },
    { feedback_type: "thumbs_down", issue_categories: ["incorrect"] },
  ];
  return {
    agent_id: KILL_AGENT,
    execution_id: isEarly(number) ? `late-${number}` : `execution-${number % KNOWN_EXECUTIONS}`,
    user_id: `rater-${number}`,
    feedback_text: `feedback ${number}`,
    ...kinds[number % kinds.length],
  };
}

/** True for feedback that is sent before its execution. */
export function isEarly(number: number): boolean {
  return number % 10 === 0;
}

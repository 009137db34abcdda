import { isObject, parseJson } from "../json.ts";
import { parseRetryAfter } from "../transport/backoff.ts";
import type { Clock } from "../transport/clock.ts";
import type { Fetch } from "../transport/fetch.ts";
import { reasonOf } from "../transport/reason-of.ts";
import { type Answer, failureOf, request } from "../transport/request.ts";
import type { LearningErrorKind } from "../errors.ts";

export interface AskOptions {
  fetch: Fetch;
  clock: Clock;
  baseUrl: string;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}

/** How the server answered a question. `missing`: it does not know the agent. */
export type Reply =
  | { kind: "answer"; text: string; entityTag: string | null }
  | { kind: "unchanged" }
  | { kind: "missing"; reason: string }
  | {
      kind: "failed";
      cause: LearningErrorKind;
      reason: string;
      status?: number;
      retryAfter?: number | undefined;
      slowly: boolean;
    }
  | { kind: "given_up" };

/** Twenty thousand demonstrations are some tens of megabytes. */
const ANSWER_LIMIT_BYTES = 128 * 1024 * 1024;

function judge(answer: Answer, asked: { conditional: boolean }, now: number): Reply {
  const { status, text, headers } = answer;
  const body = status === 200 ? undefined : parseJson(text);
  if (status === 200 || status === 201) return { kind: "answer", text, entityTag: headers.get("etag") };
  if (status === 304 && asked.conditional) return { kind: "unchanged" };
  const isProblem = isObject(body) && typeof body["type"] === "string";
  const reason = reasonOf(status, body);
  if (status === 404 && isProblem) return { kind: "missing", reason };
  const retryAfter = parseRetryAfter(headers.get("retry-after"), now);
  if (status === 401 || status === 403)
    return { kind: "failed", cause: "unauthenticated", reason, status, retryAfter, slowly: true };
  const cause = status >= 500 || status === 429 || status === 408 ? "unavailable" : "garbage";
  return { kind: "failed", cause, reason, status, retryAfter, slowly: false };
}

async function ask(
  options: AskOptions,
  path: string,
  init: { method: string; headers: Record<string, string>; body?: string },
): Promise<Reply> {
  const { fetch, clock, baseUrl, timeoutMilliseconds, signal } = options;
  try {
    const answer = await request({
      fetch,
      clock,
      url: `${baseUrl}${path}`,
      init,
      timeoutMilliseconds,
      limitBytes: ANSWER_LIMIT_BYTES,
      signal,
    });
    return judge(answer, { conditional: init.headers["if-none-match"] !== undefined }, clock.now());
  } catch (error) {
    const { reason: cause, message: reason } = failureOf(error);
    return cause === "aborted" ? { kind: "given_up" } : { kind: "failed", cause, reason, slowly: false };
  }
}

/**
 * Asks for the configuration, waiting up to `waitSeconds` for another than the one that `entityTag` names. Never rejects.
 */
export function askServing(
  options: AskOptions,
  question: { agentId: string; environment: string; entityTag: string | null; waitSeconds: number },
): Promise<Reply> {
  const { agentId, environment, entityTag, waitSeconds } = question;
  const path = `/api/learning/agents/${encodeURIComponent(agentId)}/serving?environment=${environment}&wait=${waitSeconds}`;
  const headers: Record<string, string> = { accept: "application/json" };
  if (entityTag !== null) headers["if-none-match"] = entityTag;
  const timeoutMilliseconds = options.timeoutMilliseconds + waitSeconds * 1_000;
  return ask({ ...options, timeoutMilliseconds }, path, { method: "GET", headers });
}

/** Creates the agent with these settings. Never rejects. */
export function askRegistration(
  options: AskOptions,
  agent: { slug: string; config: object | undefined },
): Promise<Reply> {
  return ask(options, "/api/learning/agents", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(agent),
  });
}

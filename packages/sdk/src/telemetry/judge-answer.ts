import { isObject, parseJson } from "../json.ts";
import { parseRetryAfter } from "../transport/backoff.ts";
import { reasonOf } from "../transport/reason-of.ts";
import type { Answer } from "../transport/request.ts";
import { type Lane, LANES } from "./item.ts";

/**
 * - `accepted`: stored, or known already
 * - `rejected`: will never be accepted. `indexes`: the items that the server names; empty: it may be any, or all. `early`: what
 *   the named items refer to, an outcome's exposure or a demonstration's execution, may still be on its way
 * - `retry`: the same request may succeed later. `suspect`: it may be the items' fault, so they are tried apart
 */
export type Verdict =
  | { kind: "accepted" }
  | {
      kind: "rejected";
      status: number;
      reason: string;
      indexes: readonly number[];
      all: boolean;
      early: boolean;
    }
  | {
      kind: "retry";
      cause: "unavailable" | "garbage" | "unauthenticated";
      status: number;
      reason: string;
      suspect: boolean;
      retryAfter: number | undefined;
    };

const WAITING = new Set([408, 425, 429, 502, 503, 504]);

function isAcknowledgement(lane: Lane, count: number, body: unknown): boolean {
  if (!isObject(body)) return false;
  if (LANES[lane].batch === 1) return typeof body["id"] === "string";
  if (lane === "outcomes") return Number(body["recorded"]) + Number(body["known"]) === count;
  return Array.isArray(body["results"]) && body["results"].length === count;
}

/** The items that the problem's `errors[].path` name: `body.executions.3.input_text`; and whether each is named for its unit. */
function namedItems(lane: Lane, count: number, body: unknown): { indexes: number[]; units: boolean } {
  const named = new Set<number>();
  let units = true;
  if (!isObject(body) || !Array.isArray(body["errors"])) return { indexes: [], units };
  for (const error of body["errors"] as unknown[]) {
    const path = isObject(error) && typeof error["path"] === "string" ? error["path"] : "";
    const match = /^body\.([a-z_]+)\.(\d{1,6})(?:\.|$)/.exec(path);
    if (match?.[1] !== lane || Number(match[2]) >= count) continue;
    named.add(Number(match[2]));
    units &&= path.endsWith(".unit_id");
  }
  return { indexes: [...named], units };
}

/**
 * What an answer means for the items of its request.
 * A success counts only with the acknowledgement that the contract describes: anything else may come from a proxy or a
 * login page, and its items would be lost.
 */
export function judgeAnswer(lane: Lane, count: number, answer: Answer, now: number): Verdict {
  const { status } = answer;
  const body = parseJson(answer.text);
  if (status >= 200 && status < 300 && isAcknowledgement(lane, count, body)) return { kind: "accepted" };
  const reason = reasonOf(status, body);
  const retry = (
    cause: "unavailable" | "garbage" | "unauthenticated",
    suspect: boolean = false,
  ): Verdict => ({
    kind: "retry",
    cause,
    status,
    reason,
    suspect,
    retryAfter: parseRetryAfter(answer.headers.get("retry-after"), now),
  });
  if (WAITING.has(status)) return retry("unavailable");
  if (status === 401) return retry("unauthenticated");
  const problem = isObject(body) && typeof body["type"] === "string" ? body["type"] : "";
  if (status === 409 && problem.endsWith("in-flight")) return retry("unavailable");
  if (status >= 500) return retry("unavailable", true);
  const definite = status === 400 || status === 413 || status === 422;
  if (status >= 400 && (definite || isObject(body))) {
    const { indexes, units } = namedItems(lane, status === 413 ? 0 : count, body);
    // Only a demonstration's answer names that field.
    const isEarly = (lane === "outcomes" && units) || answer.text.includes("source_execution_id");
    const early = status === 422 && isEarly;
    return { kind: "rejected", status, reason, indexes, all: status === 403, early };
  }
  return { ...retry("garbage", status >= 400), reason: `${reason}, which is not this API's` } as Verdict;
}

import type { Clock } from "../transport/clock.ts";
import type { Fetch } from "../transport/fetch.ts";
import { failureOf, request } from "../transport/request.ts";
import { type Item, type Lane, LANES, requestBody } from "./item.ts";
import { judgeAnswer, type Verdict } from "./judge-answer.ts";

export type SendVerdict =
  | Verdict
  | { kind: "unreachable"; cause: "network" | "timeout" | "garbage"; reason: string }
  | { kind: "given_up" };

export type Send = (lane: Lane, items: readonly Item[], signal: AbortSignal) => Promise<SendVerdict>;

export interface SendOptions {
  /** Adds the key to each request. */
  fetch: Fetch;
  clock: Clock;
  baseUrl: string;
  timeoutMilliseconds: number;
  /** Lets requests outlive the page. */
  keepalive: () => boolean;
}

const ANSWER_LIMIT_BYTES = 1024 * 1024;
// Browsers refuse to keep more than 64 KiB alive.
const KEEPALIVE_LIMIT = 20_000;

/** Sends items of one lane in one request. Never rejects. */
export function createSend({ fetch, clock, baseUrl, timeoutMilliseconds, keepalive }: SendOptions): Send {
  return async (lane, items, signal) => {
    const [first] = items;
    const body = requestBody(lane, items);
    const idempotency =
      LANES[lane].batch === 1 && first !== undefined ? { "idempotency-key": first.key } : {};
    try {
      const answer = await request({
        fetch,
        clock,
        url: `${baseUrl}/api/learning/${lane}`,
        init: {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json", ...idempotency },
          body,
          ...(keepalive() && body.length < KEEPALIVE_LIMIT ? { keepalive: true } : {}),
        },
        timeoutMilliseconds,
        limitBytes: ANSWER_LIMIT_BYTES,
        signal,
      });
      return judgeAnswer(lane, items.length, answer, clock.now());
    } catch (error) {
      const { reason: cause, message: reason } = failureOf(error);
      return cause === "aborted" ? { kind: "given_up" } : { kind: "unreachable", cause, reason };
    }
  };
}

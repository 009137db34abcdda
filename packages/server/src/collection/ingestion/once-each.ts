import type { TenantContext } from "../../context.ts";
import { keyInFlight, keyReused, REPLAYED } from "../../http/idempotency.ts";
import type { Answer } from "../../http/route.ts";
import type { Once } from "./idempotency.ts";
import type { Outcome } from "./outcome.ts";
import { type KeyedAnswer, lockKeys, storeAnswers } from "./store.ts";

/** An item and, where its caller sent one, its Idempotency-Key. */
export interface Request<I> {
  item: I;
  once: Once | undefined;
}

async function replayKnown(
  ctx: TenantContext,
  requests: readonly Request<unknown>[],
): Promise<(Outcome<Answer> | undefined)[]> {
  const keys = requests.flatMap(({ once }) => (once === undefined ? [] : [once.key]));
  if (keys.length === 0) return requests.map(() => undefined);
  const known = new Map((await lockKeys(ctx, keys)).map((row) => [row.key, row]));
  return requests.map(({ once }) => {
    const row = once === undefined ? undefined : known.get(once.key);
    if (once === undefined || row === undefined) return undefined;
    if (!row.taken) return { error: keyInFlight() };
    if (row.request_hash === null || row.response_status === null) return undefined;
    if (Buffer.compare(Buffer.from(row.request_hash), once.hash) !== 0) return { error: keyReused() };
    return { value: { status: row.response_status, body: row.response_body, headers: REPLAYED } };
  });
}

/**
 * Does the work of those whose Idempotency-Key is new, or who have none, and keeps their answers; the others get their first
 * answer again, 409 while it is in flight, 422 when the key belongs to another call. One outcome for each, in order.
 */
export async function onceEach<I>(
  ctx: TenantContext,
  operation: string,
  requests: readonly Request<I>[],
  work: (items: readonly I[]) => Promise<readonly Outcome<Answer>[]>,
): Promise<Outcome<Answer>[]> {
  const outcomes = await replayKnown(ctx, requests);
  const open = requests.flatMap((request, index) =>
    outcomes[index] === undefined ? [{ ...request, index }] : [],
  );
  const done = open.length === 0 ? [] : await work(open.map(({ item }) => item));
  const answers: KeyedAnswer[] = [];
  for (const [position, { once, index }] of open.entries()) {
    const outcome = done[position];
    outcomes[index] = outcome;
    if (once !== undefined && outcome !== undefined && "value" in outcome) {
      answers.push({ ...once, answer: outcome.value });
    }
  }
  if (answers.length > 0) await storeAnswers(ctx, operation, answers);
  return outcomes.map((outcome) => outcome ?? { error: new Error("an item was lost") });
}

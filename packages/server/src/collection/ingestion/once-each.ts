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

/** Those that are the first under their key, or have none; the others by position, with the position of the first. */
function firstOfEach(requests: readonly Request<unknown>[]): {
  first: Set<number>;
  repeats: Map<number, number>;
} {
  const seen = new Map<string, number>();
  const first = new Set<number>();
  const repeats = new Map<number, number>();
  for (const [index, { once }] of requests.entries()) {
    const earlier = once === undefined ? undefined : seen.get(once.key);
    if (earlier === undefined) first.add(index);
    else repeats.set(index, earlier);
    if (once !== undefined && earlier === undefined) seen.set(once.key, index);
  }
  return { first, repeats };
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
  const { first, repeats } = firstOfEach(requests);
  const open = requests.flatMap((request, index) =>
    outcomes[index] === undefined && first.has(index) ? [{ ...request, index }] : [],
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
  for (const [index, earlier] of repeats) outcomes[index] ??= repeatOf(requests, outcomes, index, earlier);
  return outcomes.map((outcome) => outcome ?? { error: new Error("an item was lost") });
}

function repeatOf(
  requests: readonly Request<unknown>[],
  outcomes: readonly (Outcome<Answer> | undefined)[],
  index: number,
  earlier: number,
): Outcome<Answer> | undefined {
  const [hash, earlierHash] = [requests[index]?.once?.hash, requests[earlier]?.once?.hash];
  if (hash === undefined || earlierHash === undefined || Buffer.compare(hash, earlierHash) !== 0) {
    return { error: keyReused() };
  }
  const outcome = outcomes[earlier];
  return outcome !== undefined && "value" in outcome
    ? { value: { ...outcome.value, headers: REPLAYED } }
    : outcome;
}

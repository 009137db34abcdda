import { setTimeout as sleep } from "node:timers/promises";
import type { TrainingRunEvent } from "@agent-learning/contract";
import type { Context } from "../../context.ts";
import type { ServerEvent } from "../../http/index.ts";
import { requireRun } from "./require-run.ts";
import { presentTrainingRun } from "./present-training-run.ts";
import { readEvents } from "./store.ts";

const POLL_MILLISECONDS = 500;
const PAGE = 200;
const ENDED = new Set(["completed", "failed", "cancelled"]);

/**
 * A run's events after `after`, then new ones as they come, and a last `end` event with the run itself. Polls, so that it
 * works on every node; each look is one short transaction.
 */
export async function* watchTrainingRun(
  ctx: Context,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  let last = after;
  while (!signal.aborted) {
    const { events, run } = await ctx.transact(async (tenant) => ({
      run: presentTrainingRun(await requireRun(tenant, runId)),
      events: await readEvents(tenant, runId, last, PAGE),
    }));
    for (const event of events) yield toServerEvent(event);
    last = events.at(-1)?.sequence ?? last;
    if (events.length === PAGE) continue;
    if (ENDED.has(run.status)) {
      yield { id: String(last), event: "end", data: run };
      return;
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

function toServerEvent(event: TrainingRunEvent): ServerEvent {
  return {
    id: String(event.sequence),
    event: event.type,
    data: { ...event.data, created_at: event.created_at },
  };
}

import { LearningError, messageOf, type Report } from "../errors.ts";
import { backoffMilliseconds, DEFAULT_BACKOFF } from "../transport/backoff.ts";
import type { Clock } from "../transport/clock.ts";
import { type Bell, waitFor } from "./bell.ts";
import type { Outcome } from "./deliver-batch.ts";
import { type Item, type Lane, LANES } from "./item.ts";
import type { Queue } from "./queue.ts";

export interface LaneOptions {
  lane: Lane;
  queue: Queue;
  deliverBatch(lane: Lane, batch: readonly Item[], signal: AbortSignal): Promise<Outcome>;
  clock: Clock;
  report: Report;
  /** How long a batch that is not full waits for more. */
  flushIntervalMilliseconds: number;
  maxAgeMilliseconds: number;
  /** Rung when there may be something to do: items, room, a finished request. */
  arrivals: Bell;
  /** Rung when a pause must end: a flush begins, or all ends. */
  urgency: Bell;
  /** True while a flush is running: batches do not wait to be full. */
  isHurried(): boolean;
  signal: AbortSignal;
}

/** Takes what is too old out of the batch: drops, counts and reports it. */
function dropExpired(options: LaneOptions, batch: Item[]): Item[] {
  const oldest = options.clock.now() - options.maxAgeMilliseconds;
  const expired = batch.filter(({ at }) => at < oldest);
  if (expired.length === 0) return batch;
  const hours = Math.round(options.maxAgeMilliseconds / 3_600_000);
  const message = `${expired.length} of ${options.lane} dropped: not delivered within ${hours} hours`;
  options.queue.drop(expired, "expired", new LearningError("dropped", message, { lost: expired.length }));
  return batch.filter(({ at }) => at >= oldest);
}

/**
 * Delivers one lane until the signal aborts: batches, several requests at a time where the lane has several workers, one
 * at a time and with growing pauses while they fail. Never rejects.
 */
export async function runLane(options: LaneOptions): Promise<void> {
  const { lane, queue, clock, arrivals, urgency, signal, report } = options;
  const { batch: full, workers } = LANES[lane];
  let running = 0;
  let failures = 0;
  let pausedUntil = 0;

  const pause = (outcome: Extract<Outcome, { kind: "retry" }>): void => {
    failures += 1;
    const milliseconds = outcome.slowly
      ? DEFAULT_BACKOFF.maximumMilliseconds * (0.5 + clock.random() / 2)
      : backoffMilliseconds(failures, clock.random(), outcome.retryAfter);
    pausedUntil = clock.monotonic() + milliseconds;
  };
  const deliver = async (batch: Item[]): Promise<void> => {
    const failuresBefore = failures;
    try {
      const outcome = await options.deliverBatch(lane, batch, signal);
      // Requests that ran side by side and failed together are one failure.
      if (outcome.kind === "retry" && failures === failuresBefore) pause(outcome);
      if (outcome.kind === "settled") failures = 0;
    } catch (error) {
      queue.putBack(lane, batch, "front");
      pause({ kind: "retry", retryAfter: undefined, slowly: true });
      report(new LearningError("network", `evidence is not delivered yet: ${messageOf(error)}`));
    }
    running -= 1;
    arrivals.ring();
  };
  const linger = async (): Promise<void> => {
    const until = clock.monotonic() + options.flushIntervalMilliseconds;
    while (
      !options.isHurried() &&
      !signal.aborted &&
      queue.waiting(lane) < full &&
      clock.monotonic() < until
    ) {
      await waitFor(clock, until - clock.monotonic(), urgency.wait(), arrivals.wait());
    }
  };

  while (!signal.aborted) {
    const [arrived, urgent] = [arrivals.wait(), urgency.wait()];
    const left = pausedUntil - clock.monotonic();
    if (failures > 0 && left > 0) {
      await waitFor(clock, left, urgent);
      pausedUntil = 0;
      continue;
    }
    if (queue.waiting(lane) === 0 && (await queue.refill())) {
      arrivals.ring();
      continue;
    }
    if (queue.waiting(lane) === 0 || running >= (failures > 0 ? 1 : workers)) {
      await Promise.race([arrived, urgent]);
      continue;
    }
    if (full > 1 && failures === 0 && queue.waiting(lane) < full) await linger();
    const batch = dropExpired(options, queue.take(lane));
    if (batch.length === 0) continue;
    running += 1;
    void deliver(batch);
  }
}

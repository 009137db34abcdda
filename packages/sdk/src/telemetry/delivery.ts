import type { Report } from "../errors.ts";
import type { Clock } from "../transport/clock.ts";
import { createBell, waitFor } from "./bell.ts";
import { createDeliverBatch } from "./deliver-batch.ts";
import { type Lane, LANES } from "./item.ts";
import type { Queue } from "./queue.ts";
import { runLane } from "./run-lane.ts";
import type { Send } from "./send.ts";
import type { EvidenceStatistics } from "./statistics.ts";

export interface DeliveryOptions {
  queue: Queue;
  send: Send;
  clock: Clock;
  statistics: EvidenceStatistics;
  report: Report;
  flushIntervalMilliseconds: number;
  maxAgeMilliseconds: number;
  /** Nothing is sent before this resolves: the agent may have to be registered first. */
  gate: Promise<void>;
}

/** Sends what is in the queue, from when the gate opens until it is stopped. */
export interface Delivery {
  /** Something was put into the queue. */
  notice(lane: Lane): void;
  /** The journal has something to bring back. */
  wake: () => void;
  /** Ends every pause and waits until nothing is left, at most so long. Resolves true when nothing is left. */
  flush(timeoutMilliseconds: number): Promise<boolean>;
  /** Gives up the requests that are running; their items stay in the queue. */
  stop(): void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { queue, send, clock, statistics, report, gate } = options;
  const arrivals = createBell();
  const urgency = createBell();
  const controller = new AbortController();
  let flushes = 0;
  const isHurried = (): boolean => flushes > 0;
  const later = (milliseconds: number, work: () => void): void => {
    clock.after(milliseconds, () => {
      work();
      arrivals.ring();
    });
  };
  const deliverBatch = createDeliverBatch({ queue, send, statistics, report, later });
  for (const lane of Object.keys(LANES) as Lane[]) {
    void gate.then(() =>
      runLane({ ...options, lane, deliverBatch, arrivals, urgency, isHurried, signal: controller.signal }),
    );
  }
  return {
    notice: (lane) => {
      const waiting = queue.waiting(lane);
      // A lane that lingers wakes for the first item and for a full batch, not for each.
      if (waiting <= 1 || waiting % LANES[lane].batch === 0) arrivals.ring();
    },
    wake: arrivals.ring,
    flush: async (timeoutMilliseconds) => {
      const until = clock.monotonic() + timeoutMilliseconds;
      flushes += 1;
      urgency.ring();
      while (!queue.isEmpty() && !controller.signal.aborted) {
        const left = until - clock.monotonic();
        if (left <= 0) break;
        await waitFor(clock, left, arrivals.wait());
      }
      flushes -= 1;
      return queue.isEmpty();
    },
    stop: () => {
      controller.abort();
      urgency.ring();
      arrivals.ring();
    },
  };
}

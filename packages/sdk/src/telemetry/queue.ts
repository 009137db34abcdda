import { LearningError, type Report } from "../errors.ts";
import type { Clock } from "../transport/clock.ts";
import { type Item, type Lane, LANES, sizeOf } from "./item.ts";
import type { Journal } from "./journal.ts";
import { createLaneQueue, type LaneQueue } from "./lane-queue.ts";
import type { DropReason, EvidenceStatistics } from "./statistics.ts";

export interface QueueLimits {
  /** Items in memory, those on the way included. */
  maxItems: number;
  /** Bytes in memory, those on the way included. */
  maxBytes: number;
}

export interface QueueOptions {
  limits: QueueLimits;
  journal: Journal | undefined;
  statistics: EvidenceStatistics;
  report: Report;
  clock: Pick<Clock, "monotonic">;
}

/** Everything that waits for delivery: in memory within limits, beyond them in the journal alone. */
export interface Queue {
  /** Never throws. An item for which there is no room is dropped, counted and reported. */
  offer(item: Item): boolean;
  take(lane: Lane): Item[];
  /** Not delivered now: first in line again, or last. */
  putBack(lane: Lane, items: readonly Item[], where: "front" | "back"): void;
  delivered(items: readonly Item[]): void;
  drop(items: readonly Item[], reason: DropReason, error: LearningError): void;
  /** Brings items back from the journal while there is room. Resolves true when it looked there. */
  refill(): Promise<boolean>;
  waiting(lane: Lane): number;
  inMemory(): { items: number; bytes: number };
  isEmpty(): boolean;
}

// Of the room in memory, a tenth is for feedback: rarer than executions, and what people took the trouble to say.
const SHARE_WITHOUT_FEEDBACK = 0.9;

// Thousands of drops a second are one report a while, with their number.
const REPORT_FULL_EVERY_MILLISECONDS = 10_000;

export function createQueue({ limits, journal, statistics, report, clock }: QueueOptions): Queue {
  const lanes = Object.fromEntries(Object.keys(LANES).map((lane) => [lane, createLaneQueue()])) as Record<
    Lane,
    LaneQueue
  >;
  let items = 0;
  let bytes = 0;
  let unreported = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let refilling: Promise<boolean> | undefined;

  const fits = (item: Item): boolean => {
    const share = item.lane === "feedback" ? 1 : SHARE_WITHOUT_FEEDBACK;
    return items + 1 <= limits.maxItems * share && bytes + sizeOf(item) <= limits.maxBytes * share;
  };
  const add = (item: Item): void => {
    items += 1;
    bytes += sizeOf(item);
    lanes[item.lane].push(item);
  };
  const remove = (gone: readonly Item[]): void => {
    items -= gone.length;
    for (const item of gone) bytes -= sizeOf(item);
    journal?.strike(gone);
  };
  const hasRoom = (): boolean => items <= limits.maxItems / 2 && bytes <= limits.maxBytes / 2;

  const dropNewest = (): void => {
    statistics.dropped.full += 1;
    unreported += 1;
    if (clock.monotonic() - reportedAt < REPORT_FULL_EVERY_MILLISECONDS) return;
    const message = `there is no room for more evidence: the newest is dropped (${unreported} since the last report)`;
    report(new LearningError("dropped", message, { lost: unreported }));
    reportedAt = clock.monotonic();
    unreported = 0;
  };

  const load = async (from: Journal): Promise<boolean> => {
    const loaded = await from.load();
    statistics.replayed += loaded.replayed;
    for (const item of loaded.items) add(item);
    if (loaded.lost > 0) {
      statistics.dropped.storage += loaded.lost;
      const message = `${loaded.lost} pieces of evidence on disk cannot be read any more`;
      report(new LearningError("storage", message, { lost: loaded.lost }));
    }
    return true;
  };

  return {
    offer: (item) => {
      if (fits(item)) {
        journal?.append(item, true);
        add(item);
      } else if (journal?.append(item, false) !== true) {
        dropNewest();
        return false;
      }
      statistics.recorded += 1;
      return true;
    },
    take: (lane) => lanes[lane].take(LANES[lane].batch),
    putBack: (lane, back, where) => {
      if (where === "front") lanes[lane].putBack(back);
      else for (const item of back) lanes[lane].push(item);
    },
    delivered: (gone) => {
      statistics.delivered += gone.length;
      remove(gone);
    },
    drop: (gone, reason, error) => {
      statistics.dropped[reason] += gone.length;
      remove(gone);
      report(error);
    },
    refill: () => {
      if (journal === undefined || !journal.hasMore() || !hasRoom()) return Promise.resolve(false);
      refilling ??= load(journal).finally(() => {
        refilling = undefined;
      });
      return refilling;
    },
    waiting: (lane) => lanes[lane].length,
    inMemory: () => ({ items, bytes }),
    isEmpty: () => items === 0 && refilling === undefined && journal?.hasMore() !== true,
  };
}

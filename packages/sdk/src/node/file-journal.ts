import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LearningError, messageOf, type Report } from "../errors.ts";
import type { Item } from "../telemetry/item.ts";
import type { Journal, Loaded } from "../telemetry/journal.ts";
import type { Clock } from "../transport/clock.ts";
import { adoptFolders, createFolder, keepFolder, releaseFolder } from "./journal-folder.ts";
import { createSegment, type Segment } from "./segment.ts";

export interface FileJournalOptions {
  /** Holds one folder for each process that works here, or has left something. */
  parent: string;
  maxDiskBytes: number;
  /** A segment that has grown so long is followed by another. */
  segmentBytes?: number;
  clock: Clock;
  report: Report;
  /** Something was found that an earlier process left. */
  onMore: () => void;
}

/** A journal that can write what is left while the process is ending. */
export interface FileJournal extends Journal {
  drain: () => void;
}

const SEGMENT_BYTES = 1024 * 1024;
// What a slow disk may leave in memory.
const MAXIMUM_BACKLOG = 8 * 1024 * 1024;
const RETRY_MILLISECONDS = 5_000;
const HEARTBEAT_MILLISECONDS = 60_000;
const ADOPT_MILLISECONDS = 300_000;
const NOTHING: Loaded = { items: [], replayed: 0, lost: 0 };

/**
 * Evidence as lines of JSON in append-only segments of a folder of this process's own. Folders of processes that are gone
 * are taken over at start and every five minutes. Survives the death of the process; it is not fsynced, so a power cut
 * may cost the last moments.
 */
export function createFileJournal(options: FileJournalOptions): FileJournal {
  const { parent, maxDiskBytes, segmentBytes = SEGMENT_BYTES, clock, report, onMore } = options;
  const segments = new Set<Segment>();
  const backlog = { characters: 0 };
  const unread: Segment[] = [];
  const segmentOf = new Map<string, Segment>();
  // In memory, though they should be here too: the disk was failing or full.
  const refused = new Set<string>();
  const folders = new Set<string>();
  const removals = new Set<Promise<void>>();
  const timers = new Map<string, () => void>();
  let own: string | undefined;
  let active: Segment | undefined;
  let overflow: Segment | undefined;
  let made = 0;
  let usedBytes = 0;
  let corruptLines = 0;
  let failingUntil = Number.NEGATIVE_INFINITY;
  let closed = false;

  const fail = (error: unknown): void => {
    active = undefined;
    overflow = undefined;
    own = undefined;
    if (clock.monotonic() >= failingUntil) {
      const message = `evidence cannot be written to ${parent} and waits in memory alone: ${messageOf(error)}`;
      report(new LearningError("storage", message, { cause: error }));
    }
    failingUntil = clock.monotonic() + RETRY_MILLISECONDS;
  };

  const addSegment = (path: string): Segment => {
    const segment = createSegment({ path, backlog, onError: fail });
    segments.add(segment);
    return segment;
  };
  /** @throws when the folder cannot be made */
  const openSegment = (): Segment => {
    own ??= createFolder(parent);
    folders.add(own);
    made += 1;
    return addSegment(join(own, `${String(made).padStart(8, "0")}.jsonl`));
  };
  const removeSegment = async (segment: Segment): Promise<void> => {
    if (segment === active) active = undefined;
    segments.delete(segment);
    usedBytes -= segment.bytes;
    const removing = segment.remove();
    removals.add(removing);
    await removing;
    removals.delete(removing);
  };

  const write = (item: Item, inMemory: boolean): boolean => {
    const isFull = usedBytes + item.body.length > maxDiskBytes || backlog.characters > MAXIMUM_BACKLOG;
    if (closed || isFull || clock.monotonic() < failingUntil) return false;
    try {
      if (inMemory) {
        active ??= openSegment();
        usedBytes += active.write(item, true);
        segmentOf.set(item.key, active);
        if (active.bytes >= segmentBytes) active = undefined;
      } else {
        if (overflow === undefined) unread.push((overflow = openSegment()));
        usedBytes += overflow.write(item, false);
        if (overflow.bytes >= segmentBytes) overflow = undefined;
      }
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const load = async (): Promise<Loaded> => {
    await adopting;
    const segment = unread.shift();
    if (segment === undefined) return NOTHING;
    if (segment === overflow) overflow = undefined;
    const expected = segment.unread;
    await segment.written();
    const read = await segment.read().catch(() => undefined);
    const items = read?.items ?? [];
    segment.unread = 0;
    if (read !== undefined && read.corrupt > 0) {
      corruptLines += read.corrupt;
      const message = `${read.corrupt} unreadable lines in ${segment.path} are skipped`;
      report(new LearningError("storage", message));
    }
    for (const { key } of items) segmentOf.set(key, segment);
    if (items.length === 0) await removeSegment(segment);
    const ours = expected > 0;
    return { items, replayed: ours ? 0 : items.length, lost: Math.max(0, expected - items.length) };
  };

  const adopt = async (): Promise<void> => {
    for (const folder of await adoptFolders(parent, clock.now())) {
      folders.add(folder);
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
      for (const name of names.toSorted()) {
        const segment = addSegment(join(folder, name));
        segment.bytes = (await stat(segment.path).catch(() => ({ size: 0 }))).size;
        usedBytes += segment.bytes;
        unread.push(segment);
      }
      if (names.length === 0) await releaseFolder(folder);
    }
    if (unread.length > 0) onMore();
  };
  const heartbeat = async (): Promise<void> => {
    for (const folder of folders) await keepFolder(folder);
  };
  const every = (name: string, milliseconds: number, work: () => Promise<void>): void => {
    const again = (): void => void timers.set(name, clock.after(milliseconds, tick));
    const tick = (): void =>
      void work()
        .catch(() => undefined)
        .then(() => (closed ? undefined : again()));
    again();
  };

  // Until the first search has ended, there may be more: a flush right after the start must not miss it.
  let searching = true;
  const adopting = adopt()
    .catch(() => undefined)
    .then(() => {
      searching = false;
    });
  every("adopt", ADOPT_MILLISECONDS, adopt);
  every("heartbeat", HEARTBEAT_MILLISECONDS, heartbeat);

  return {
    append: (item, inMemory) => {
      const taken = write(item, inMemory);
      if (!taken && inMemory) refused.add(item.key);
      return taken;
    },
    strike: (items) => {
      const struck = new Map<Segment, string[]>();
      for (const { key } of items) {
        refused.delete(key);
        const segment = segmentOf.get(key);
        if (segment === undefined) continue;
        segmentOf.delete(key);
        segment.pending -= 1;
        const keys = struck.get(segment);
        if (keys === undefined) struck.set(segment, [key]);
        else keys.push(key);
      }
      for (const [segment, keys] of struck) {
        if (segment.pending === 0 && segment.unread === 0) void removeSegment(segment);
        else segment.strike(keys);
      }
    },
    hasMore: () => searching || unread.length > 0,
    load,
    written: async () => {
      await Promise.all([...segments].map((segment) => segment.written()));
      return refused.size === 0 && ![...segments].some(({ failed, pending }) => failed && pending > 0);
    },
    usage: () => ({
      bytes: usedBytes,
      items: [...segments].reduce((sum, segment) => sum + segment.unread, 0),
      corruptLines,
    }),
    close: async () => {
      closed = true;
      for (const cancel of timers.values()) cancel();
      await adopting;
      await Promise.all([...removals, ...[...segments].map((segment) => segment.written())]);
      for (const folder of folders) await releaseFolder(folder).catch(() => undefined);
    },
    drain: () => {
      for (const segment of segments) {
        try {
          segment.drain();
        } catch {
          // The process is ending and the disk fails: nothing is left to try.
        }
      }
    },
  };
}

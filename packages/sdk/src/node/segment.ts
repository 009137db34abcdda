import { readFile, rm } from "node:fs/promises";
import type { Item } from "../telemetry/item.ts";
import { decodeItems, encodeItem } from "../telemetry/item-lines.ts";
import { type Appender, type Backlog, createAppender } from "./appender.ts";

export interface SegmentOptions {
  /** Ends in `.jsonl`. The keys of settled items go to a file beside it. */
  path: string;
  backlog: Backlog;
  /** Called at most once; nothing more is written to the segment then. */
  onError: (error: unknown) => void;
}

/** One append-only file of items, removed when all of them are settled. */
export interface Segment {
  readonly path: string;
  bytes: number;
  /** Items in memory that are not settled. */
  pending: number;
  /** Items that are here only; unknown, and 0, in what another process left. */
  unread: number;
  /** A write failed: what is pending may not be on disk. */
  failed: boolean;
  /** @returns the bytes that it takes */
  write(item: Item, inMemory: boolean): number;
  /** Reads what is not settled; all of it counts as pending from then on. Everything must be written before. */
  read(): Promise<{ items: Item[]; corrupt: number }>;
  /** The items are settled, some others are not. */
  strike(keys: readonly string[]): void;
  written(): Promise<void>;
  remove(): Promise<void>;
  drain(): void;
}

const EMPTY = Buffer.alloc(0);

export function createSegment({ path, backlog, onError }: SegmentOptions): Segment {
  const donePath = `${path}.done`;
  const lines: Appender = createAppender(path, backlog, (error) => {
    segment.failed = true;
    onError(error);
  });
  let done: Appender | undefined;
  const segment: Segment = {
    path,
    bytes: 0,
    pending: 0,
    unread: 0,
    failed: false,
    write: (item, inMemory) => {
      const line = encodeItem(item);
      // Characters for bytes: an estimate is enough for the bound on the disk.
      segment.bytes += line.length;
      segment[inMemory ? "pending" : "unread"] += 1;
      lines.append(line);
      return line.length;
    },
    read: async () => {
      const [text, settled] = await Promise.all([readFile(path), readFile(donePath).catch(() => EMPTY)]);
      const { items, corrupt } = decodeItems(text.toString(), new Set(settled.toString().split("\n")));
      segment.unread = 0;
      segment.pending = items.length;
      return { items, corrupt };
    },
    strike: (keys) => {
      // Failing to note what is settled costs a repetition after a crash, which the server recognises.
      done ??= createAppender(donePath, backlog, () => undefined);
      // First a newline: an earlier process may have left half a line.
      done.append(`\n${keys.join("\n")}\n`);
    },
    written: async () => {
      await Promise.all([lines.idle(), done?.idle()]);
    },
    remove: async () => {
      lines.discard();
      done?.discard();
      await Promise.all([lines.idle(), done?.idle()]);
      await Promise.all([rm(path, { force: true }), rm(donePath, { force: true })]).catch(() => undefined);
    },
    drain: () => {
      lines.drain();
      done?.drain();
    },
  };
  return segment;
}

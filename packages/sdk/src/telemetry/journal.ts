import type { Item } from "./item.ts";

export interface Loaded {
  items: Item[];
  /** How many of them an earlier process left. */
  replayed: number;
  /** Items of this process that were on disk only and cannot be read any more. */
  lost: number;
}

export interface JournalUsage {
  /** Bytes on disk or in browser storage. */
  bytes: number;
  /** Items that are there only, not in memory; what earlier processes left counts once it has been read. */
  items: number;
  /** Lines that could not be read. */
  corruptLines: number;
}

/** Where evidence outlives the process. Nothing here throws or blocks. */
export interface Journal {
  /**
   * Writes the item down, soon.
   * @param inMemory false: the journal alone has it, until `load` brings it back
   * @returns false when it will not: no room, or the disk is failing
   */
  append(item: Item, inMemory: boolean): boolean;
  /** Delivered or dropped: never brought back again. */
  strike(items: readonly Item[]): void;
  /** True when `load` would bring something. */
  hasMore(): boolean;
  /** Some of the items that are not in memory: of this process or left by an earlier one. */
  load(): Promise<Loaded>;
  /** Resolves when everything appended so far is written; false when some could not be. */
  written: () => Promise<boolean>;
  usage(): JournalUsage;
  close(): Promise<void>;
}

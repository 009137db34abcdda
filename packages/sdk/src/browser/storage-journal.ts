import { LearningError, messageOf, type Report } from "../errors.ts";
import type { KeyValueStorage } from "../learning/options.ts";
import type { Item } from "../telemetry/item.ts";
import { decodeItems, encodeItem } from "../telemetry/item-lines.ts";
import type { Journal, Loaded } from "../telemetry/journal.ts";

const NONE: ReadonlySet<string> = new Set();

function keysWith(storage: KeyValueStorage, prefix: string): string[] {
  const keys: string[] = [];
  for (let i = 0; i < storage.length; i += 1) {
    const key = storage.key(i);
    if (key?.startsWith(prefix) === true) keys.push(key);
  }
  return keys;
}

/**
 * Evidence in browser storage, one entry each. What an earlier page left is brought back once, at start; if that page
 * is another tab that still works, both send it, and the server stores it once.
 */
export function createStorageJournal(
  storage: KeyValueStorage,
  prefix: string,
  maxBytes: number,
  report: Report,
): Journal {
  let corruptLines = 0;
  let bytes = 0;
  let reported = false;
  const stored = new Map<string, number>();
  const refused = new Set<string>();
  let left: string[] = [];

  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if (!reported) report(new LearningError("storage", `browser storage fails: ${messageOf(error)}`));
      reported = true;
      return otherwise;
    }
  };
  left = attempt(() => keysWith(storage, prefix), []);

  const write = (item: Item): boolean => {
    const line = encodeItem(item);
    if (bytes + line.length > maxBytes) return false;
    storage.setItem(`${prefix}${item.key}`, line);
    stored.set(item.key, line.length);
    bytes += line.length;
    return true;
  };
  const remove = (key: string): void => {
    bytes -= stored.get(key) ?? 0;
    stored.delete(key);
    attempt(() => storage.removeItem(`${prefix}${key}`), undefined);
  };

  const load = async (): Promise<Loaded> => {
    const items: Item[] = [];
    for (const name of left.splice(0)) {
      const line = attempt(() => storage.getItem(name), null) ?? "";
      const decoded = decodeItems(line, NONE);
      for (const item of decoded.items) {
        stored.set(item.key, line.length);
        bytes += line.length;
        items.push(item);
      }
      if (decoded.corrupt > 0) attempt(() => storage.removeItem(name), undefined);
      corruptLines += decoded.corrupt;
    }
    return { items, replayed: items.length, lost: 0 };
  };

  return {
    append: (item, inMemory) => {
      // There is no way to leave memory for a storage that is smaller.
      const taken = inMemory && attempt(() => write(item), false);
      if (!taken && inMemory) refused.add(item.key);
      return taken;
    },
    strike: (items) => {
      for (const { key } of items) {
        refused.delete(key);
        if (stored.has(key)) remove(key);
      }
    },
    hasMore: () => left.length > 0,
    load,
    written: async () => refused.size === 0,
    usage: () => ({ bytes, items: left.length, corruptLines }),
    close: async () => undefined,
  };
}

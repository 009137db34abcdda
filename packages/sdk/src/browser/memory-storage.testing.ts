import type { KeyValueStorage } from "../learning/options.ts";

/** Browser storage of so many characters; beyond them it throws, as browsers do. */
export function memoryStorage(quota: number = 5_000_000): KeyValueStorage & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => {
      let used = key.length + value.length;
      for (const [name, text] of entries) used += name === key ? 0 : name.length + text.length;
      if (used > quota) throw new DOMException("quota exceeded", "QuotaExceededError");
      entries.set(key, value);
    },
    removeItem: (key) => void entries.delete(key),
  };
}

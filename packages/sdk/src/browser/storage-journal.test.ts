import { beforeEach, describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { createItem, type Item } from "../telemetry/item.ts";
import type { Journal } from "../telemetry/journal.ts";
import { memoryStorage } from "./memory-storage.testing.ts";
import { createStorageJournal } from "./storage-journal.ts";

let errors: LearningError[];
beforeEach(() => {
  errors = [];
});
const open = (storage: ReturnType<typeof memoryStorage>, maxBytes = 10_000): Journal =>
  createStorageJournal(storage, "p:", maxBytes, (error) => errors.push(error));
const item = (key: string, length = 0): Item =>
  createItem(key, "feedback", JSON.stringify({ text: "x".repeat(length) }), 1);

describe("createStorageJournal", () => {
  it("brings back on the next page what was not struck off, once", async () => {
    const storage = memoryStorage();
    storage.setItem("somebody else's", "7");
    const journal = open(storage);
    for (const key of ["a", "b", "c"]) expect(journal.append(item(key), true)).toBe(true);
    journal.strike([item("b")]);
    const next = open(storage);
    expect(next.hasMore()).toBe(true);
    const { items, replayed, lost } = await next.load();
    expect([items, replayed, lost]).toEqual([[item("a"), item("c")], 2, 0]);
    expect(next.hasMore()).toBe(false);
    next.strike(items);
    expect([...storage.entries.keys()]).toEqual(["somebody else's"]);
    expect(next.usage()).toEqual({ bytes: 0, items: 0, corruptLines: 0 });
  });

  it("does not bring back its own", () => {
    const journal = open(memoryStorage());
    journal.append(item("a"), true);
    expect(journal.hasMore()).toBe(false);
  });

  it("keeps within its bound, and says that the rest is not written", async () => {
    const journal = open(memoryStorage(), 500);
    expect([1, 2, 3].map((n) => journal.append(item(`k${n}`, 200), true))).toEqual([true, false, false]);
    expect(await journal.written()).toBe(false);
    journal.strike([item("k2"), item("k3")]);
    expect(await journal.written()).toBe(true);
    expect(journal.append(item("k4"), false)).toBe(false);
  });

  it("survives a storage that is full or forbidden, and says so once", () => {
    const journal = open(memoryStorage(100));
    expect([1, 2].map((n) => journal.append(item(`k${n}`, 200), true))).toEqual([false, false]);
    expect(errors.map(({ kind }) => kind)).toEqual(["storage"]);
    const forbidden = Object.assign(memoryStorage(), {
      key: (): string => {
        throw new Error("denied");
      },
    });
    forbidden.entries.set("p:x", "");
    expect(open(forbidden).hasMore()).toBe(false);
  });

  it("skips and removes what cannot be read", async () => {
    const storage = memoryStorage();
    storage.setItem("p:x", "{half");
    const journal = open(storage);
    expect(await journal.load()).toEqual({ items: [], replayed: 0, lost: 0 });
    expect([journal.usage().corruptLines, storage.length]).toEqual([1, 0]);
  });
});

import { appendFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import { createItem, type Item } from "../telemetry/item.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { systemClock } from "../transport/clock.ts";
import { createFileJournal, type FileJournal, type FileJournalOptions } from "./file-journal.ts";

let parent: string;
let errors: LearningError[];
let found: number;
const opened: FileJournal[] = [];
beforeEach(async () => {
  parent = join(await temporaryFolder(), "journal");
  errors = [];
  found = 0;
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

function open(change: Partial<FileJournalOptions> = {}): FileJournal {
  const journal = createFileJournal({
    parent,
    maxDiskBytes: 1_000_000,
    clock: systemClock,
    report: (error) => errors.push(error),
    onMore: () => (found += 1),
    ...change,
  });
  opened.push(journal);
  return journal;
}
const item = (key: string, length = 10): Item =>
  createItem(key, "feedback", JSON.stringify({ text: "x".repeat(length) }), 1);
const files = async (): Promise<string[]> =>
  (await readdir(parent, { recursive: true })).filter((name) => name.endsWith("jsonl"));

/** As if the process had been killed: the journal of nobody, with what it had written. */
async function abandon(journal: FileJournal): Promise<void> {
  await journal.written();
  // Its first search for folders of others would find its own as nobody's.
  await expect.poll(() => journal.hasMore()).toBe(false);
  for (const name of await readdir(parent)) {
    await writeFile(join(parent, name, "owner.json"), '{"host":"x","pid":1,"startedAt":0}');
    await rm(join(parent, name, "owner.json"));
  }
}
async function loadAll(journal: FileJournal): Promise<string[]> {
  const keys: string[] = [];
  while (journal.hasMore()) keys.push(...(await journal.load()).items.map(({ key }) => key));
  return keys.toSorted();
}

describe("createFileJournal", () => {
  it("leaves nothing on disk when everything was delivered", async () => {
    const journal = open();
    const items = ["a", "b", "c"].map((key) => item(key));
    for (const each of items) expect(journal.append(each, true)).toBe(true);
    expect(await journal.written()).toBe(true);
    expect(await files()).toHaveLength(1);
    journal.strike(items);
    await expect.poll(files).toEqual([]);
    expect(journal.usage()).toEqual({ bytes: 0, items: 0, corruptLines: 0 });
    await journal.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it("gives the next process what was not struck off", async () => {
    const journal = open();
    for (const key of ["a", "b", "c"]) journal.append(item(key), true);
    await journal.written();
    journal.strike([item("b")]);
    await journal.close();
    const next = open();
    const { items, replayed, lost } = await next.load();
    expect([items, replayed, lost]).toEqual([[item("a"), item("c")], 2, 0]);
    next.strike(items);
    await next.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it("takes over from a process that was killed, even in the middle of a line", async () => {
    const journal = open();
    for (let i = 0; i < 100; i += 1) journal.append(item(`k${i}`), true);
    await abandon(journal);
    const [file = ""] = await files();
    await appendFile(join(parent, file), '{"key":"half');
    const next = open();
    expect(await loadAll(next)).toHaveLength(100);
    expect(found).toBe(1);
    expect(next.usage().corruptLines).toBe(1);
    expect(errors.map(({ kind }) => kind)).toEqual(["storage"]);
  });

  it("keeps what is beyond memory apart, and brings it back a segment at a time", async () => {
    const journal = open({ segmentBytes: 500 });
    journal.append(item("memory"), true);
    for (let i = 0; i < 20; i += 1) expect(journal.append(item(`k${i}`, 100), false)).toBe(true);
    expect(journal.usage().items).toBe(20);
    const first = await journal.load();
    expect(first).toMatchObject({ replayed: 0, lost: 0 });
    expect(first.items.length).toBeLessThan(5);
    journal.append(item("late"), false);
    const rest = await loadAll(journal);
    expect(rest.length + first.items.length).toBe(21);
    expect(journal.usage().items).toBe(0);
  });

  it("says what it lost when a segment is gone", async () => {
    const journal = open();
    for (const key of ["a", "b"]) journal.append(item(key), false);
    await journal.written();
    for (const file of await files()) await rm(join(parent, file));
    expect(await journal.load()).toEqual({ items: [], replayed: 0, lost: 2 });
    expect(journal.hasMore()).toBe(false);
  });

  it("refuses what exceeds its bound, and takes more when there is room again", async () => {
    const journal = open({ maxDiskBytes: 2_000 });
    const taken = Array.from({ length: 20 }, (_, i) => journal.append(item(`k${i}`, 200), false));
    expect(taken.filter(Boolean).length).toBeLessThan(10);
    const { items } = await journal.load();
    journal.strike(items);
    expect(journal.append(item("later"), false)).toBe(true);
  });

  it("refuses what comes faster than the disk takes it, so that memory stays bounded", async () => {
    const journal = open({ maxDiskBytes: 1e9 });
    const large = Array.from({ length: 20 }, (_, i) => item(`k${i}`, 1_000_000));
    const taken = large.map((each) => journal.append(each, false)).filter(Boolean).length;
    expect(taken).toBeLessThan(12);
    await journal.written();
    expect(journal.append(item("later"), false)).toBe(true);
    expect(await loadAll(journal)).toHaveLength(taken + 1);
  });

  it("says that a folder which cannot be made keeps nothing, tries again later, and never throws", async () => {
    await writeFile(parent, "a file where the folder should be");
    let now = 0;
    const journal = open({ clock: { ...systemClock, monotonic: () => now } });
    expect([journal.append(item("a"), true), journal.append(item("b"), false)]).toEqual([false, false]);
    expect(await journal.written()).toBe(false);
    expect(errors.map(({ kind }) => kind)).toEqual(["storage"]);
    await rm(parent);
    now = 5_000;
    expect(journal.append(item("c"), true)).toBe(true);
    journal.strike([item("a")]);
    expect(await journal.written()).toBe(true);
  });

  it("goes on in a new folder when somebody removed its own", async () => {
    let now = 0;
    const journal = open({ clock: { ...systemClock, monotonic: () => now } });
    journal.append(item("a"), true);
    await journal.written();
    await rm(parent, { recursive: true });
    journal.append(item("b"), true);
    expect(await journal.written()).toBe(false);
    expect(journal.append(item("c"), false)).toBe(false);
    now = 5_000;
    expect(journal.append(item("d"), true)).toBe(true);
    await expect.poll(files).toHaveLength(1);
  });

  it("writes what is left when the process ends", async () => {
    const journal = open();
    journal.append(item("a"), true);
    journal.drain();
    await abandon(journal);
    const next = open();
    expect(await loadAll(next)).toEqual(["a"]);
  });

  it("shares a folder with another that is alive", async () => {
    const [one, other] = [open(), open()];
    one.append(item("a"), true);
    other.append(item("b"), true);
    await Promise.all([one.written(), other.written()]);
    const third = open();
    await third.close();
    expect([found, (await files()).length]).toEqual([0, 2]);
  });
});

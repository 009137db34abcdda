import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRankingStore } from "./ranking-store.ts";

describe("createRankingStore", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "als-rankings-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("gives what was written, to whoever opens the folder later, and nothing else", async () => {
    await createRankingStore(directory).write("a-1", "first");
    await createRankingStore(directory).write("a-1", "second");
    const store = createRankingStore(directory);
    expect(await store.read("a-1")).toBe("second");
    expect(await store.read("b")).toBeUndefined();
    expect((await stat(join(directory, "rankings", "a-1.json"))).mode & 0o777).toBe(0o600);
    await store.forget("a-1");
    expect(await store.read("a-1")).toBeUndefined();
    await expect(store.read("../secret")).rejects.toThrow("no name of a file");
  });

  it("keeps the newest eight", async () => {
    const store = createRankingStore(directory);
    for (let index = 0; index < 10; index += 1) {
      await store.write(`r${index}`, String(index));
      const time = new Date(1_700_000_000_000 + index * 1_000);
      await utimes(join(directory, "rankings", `r${index}.json`), time, time);
    }
    await store.write("last", "x");
    const names = (await readdir(join(directory, "rankings"))).toSorted();
    expect(names).toHaveLength(8);
    expect(names).toContain("last.json");
    expect(names).not.toContain("r0.json");
  });

  it("says what is wrong where the folder is none", async () => {
    const path = join(directory, "file");
    await writeFile(path, "");
    const store = createRankingStore(path);
    await expect(store.write("a", "x")).rejects.toThrow(/ENOTDIR/);
    expect(await store.read("a")).toBeUndefined();
  });
});

import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { adoptFolders, createFolder, keepFolder, releaseFolder } from "./journal-folder.ts";
import { currentOwner, isAbandoned, type Owner, STALE_MILLISECONDS, writeOwner } from "./owner.ts";

let parent: string;
beforeEach(async () => {
  parent = await temporaryFolder();
});
const self = currentOwner();
const dead = (): boolean => false;
const alive = (): boolean => true;

async function folderOf(owner: Owner): Promise<string> {
  const folder = createFolder(parent);
  await writeOwner(folder, owner);
  return folder;
}

describe("isAbandoned", () => {
  it.each<[string, Partial<Owner>, (pid: number) => boolean, boolean]>([
    ["of this process", {}, alive, false],
    ["of another that lives", { pid: 7 }, alive, false],
    ["of another that is gone", { pid: 7 }, dead, true],
    ["of an earlier process with our id", { startedAt: self.startedAt - 60_000 }, alive, true],
    ["of another machine", { host: "elsewhere", pid: 7 }, dead, false],
  ])("a folder %s", async (_what, change, isAlive, expected) => {
    const folder = await folderOf({ ...self, ...change });
    expect(await isAbandoned(folder, self, Date.now(), isAlive)).toBe(expected);
    expect(await isAbandoned(folder, self, Date.now() + STALE_MILLISECONDS + 10_000, isAlive)).toBe(true);
  });

  it("a folder that was released, or whose owner cannot be read", async () => {
    const folder = createFolder(parent);
    await writeFile(join(folder, "owner.json"), "{half");
    expect(await isAbandoned(folder, self, Date.now())).toBe(true);
    expect(await isAbandoned(join(parent, "none"), self, Date.now())).toBe(true);
  });

  it("asks the system whether a process lives", async () => {
    const folder = await folderOf({ ...self, pid: process.ppid });
    expect(await isAbandoned(folder, self, Date.now())).toBe(false);
    const gone = await folderOf({ ...self, pid: 2 ** 22 + 1 });
    expect(await isAbandoned(gone, self, Date.now())).toBe(true);
  });
});

describe("journal folders", () => {
  it("are adopted when abandoned, each by one of those who try", async () => {
    createFolder(parent);
    for (let i = 0; i < 20; i += 1) {
      const folder = await folderOf({ ...self, pid: 2 ** 22 + 1 });
      await writeFile(join(folder, "1.jsonl"), String(i));
    }
    const adopted = await Promise.all([1, 2, 3, 4].map(() => adoptFolders(parent, Date.now())));
    const all = adopted.flat();
    expect([all.length, new Set(all).size]).toEqual([20, 20]);
    expect((await readdir(parent)).length).toBe(21);
    expect(await adoptFolders(parent, Date.now())).toEqual([]);
  });

  it("are left alone while they are being made, and cleared away when that never ended", async () => {
    const unfinished = join(parent, ".new-x");
    await mkdir(unfinished);
    expect(await adoptFolders(parent, Date.now())).toEqual([]);
    expect(await readdir(parent)).toEqual([".new-x"]);
    await adoptFolders(parent, Date.now() + STALE_MILLISECONDS + 10_000);
    expect(await readdir(parent)).toEqual([]);
    expect(await adoptFolders(join(parent, "none"), Date.now())).toEqual([]);
  });

  it("stay ours by signs of life", async () => {
    const folder = createFolder(parent);
    const old = new Date(Date.now() - 2 * STALE_MILLISECONDS);
    await utimes(join(folder, "owner.json"), old, old);
    expect(await isAbandoned(folder, self, Date.now())).toBe(true);
    await keepFolder(folder);
    expect(await isAbandoned(folder, self, Date.now())).toBe(false);
    await keepFolder(join(parent, "none"));
  });

  it("are removed when empty and released when not", async () => {
    const [empty, full] = [createFolder(parent), createFolder(parent)];
    await writeFile(join(full, "1.jsonl"), "x");
    await releaseFolder(empty);
    await releaseFolder(full);
    expect(await readdir(parent)).toHaveLength(1);
    expect(await isAbandoned(full, self, Date.now())).toBe(true);
  });
});

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../new-id.ts";
import type { RankingStore } from "../rerank/types.ts";

/** Rankings that are kept: those of the arms of a split and what served before. */
const MOST = 8;
const NAME = /^[0-9a-zA-Z-]{1,64}$/;

/**
 * Keeps rankings in a folder, a file each that is replaced whole, the newest eight. They hold what users asked: for this user's eyes only.
 */
export function createRankingStore(directory: string): RankingStore {
  const folder = join(directory, "rankings");
  const fileOf = (id: string): string => {
    if (!NAME.test(id)) throw new Error("the ranking's id is no name of a file");
    return join(folder, `${id}.json`);
  };
  const prune = async (): Promise<void> => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
    const files = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })),
    );
    files.sort((one, other) => other.time - one.time);
    for (const { name } of files.slice(MOST)) await rm(join(folder, name), { force: true });
  };
  return {
    read: async (id) => {
      try {
        return await readFile(fileOf(id), "utf8");
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") return undefined;
        throw error;
      }
    },
    write: async (id, text) => {
      const path = fileOf(id);
      const unfinished = `${path}.${newId()}`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(unfinished, text, { mode: 0o600 });
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw error;
      }
      await prune();
    },
    forget: async (id) => rm(fileOf(id), { force: true }),
  };
}

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../new-id.ts";
import { currentOwner, isAbandoned, ownerFile, STALE_MILLISECONDS, touchOwner, writeOwner } from "./owner.ts";

const FOLDER_MODE = 0o700;
// A folder appears under its name only with its owner inside; until then it has this prefix.
const UNFINISHED = ".new-";

/**
 * Makes a folder of this process's own below `parent` and returns its path. Synchronous, once in the life of a process:
 * what is recorded right after the start must find its place even if the process ends at once.
 */
export function createFolder(parent: string): string {
  const name = newId();
  const unfinished = join(parent, `${UNFINISHED}${name}`);
  mkdirSync(unfinished, { recursive: true, mode: FOLDER_MODE });
  writeFileSync(ownerFile(unfinished), JSON.stringify(currentOwner()), { mode: 0o600 });
  const folder = join(parent, name);
  renameSync(unfinished, folder);
  return folder;
}

/**
 * Takes over the folders below `parent` that nobody works with any more. Of several processes that try, one gets each:
 * renaming succeeds once.
 * @returns their new paths
 */
export async function adoptFolders(parent: string, now: number): Promise<string[]> {
  const self = currentOwner();
  const adopted: string[] = [];
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const folder = join(parent, name);
    if (name.startsWith(UNFINISHED)) {
      await removeStale(folder, now);
      continue;
    }
    if (!(await isAbandoned(folder, self, now))) continue;
    const mine = join(parent, newId());
    try {
      await rename(folder, mine);
      await writeOwner(mine, self);
      adopted.push(mine);
    } catch {
      // Another process was faster.
    }
  }
  return adopted;
}

async function removeStale(folder: string, now: number): Promise<void> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: now }));
  if (now - mtimeMs > STALE_MILLISECONDS) await rm(folder, { recursive: true, force: true });
}

/** Shows that the folder is still worked with. */
export async function keepFolder(folder: string): Promise<void> {
  await touchOwner(folder).catch(() => undefined);
}

/** Lets the next process have what is left in the folder at once; an empty one is removed. */
export async function releaseFolder(folder: string): Promise<void> {
  const left = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
  await rm(left.length === 0 ? folder : ownerFile(folder), { recursive: true, force: true });
}

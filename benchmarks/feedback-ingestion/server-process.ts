import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

/** The server under test, in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Of an administrator. */
  readonly key: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const CLI = fileURLToPath(new URL("../../packages/server/src/cli.ts", import.meta.url));

/** Starts the server over a database and waits until it listens. */
export async function startServer(databaseUrl: string): Promise<ServerProcess> {
  const key = `benchmark-${randomBytes(24).toString("hex")}`;
  const child = spawn(process.execPath, ["--conditions=agent-learning-source", CLI, "serve", "--json"], {
    env: {
      ...process.env,
      PORT: "0",
      DATABASE_URL: databaseUrl,
      LEARNING_ADMIN_KEY: key,
      LEARNING_LOG_LEVEL: "error",
      NODE_ENV: "production",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  exited.catch(() => undefined);
  const announced = new Promise<string>((resolve) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split("\n").find((text) => text.startsWith("{") && text.endsWith("}"));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  const url = await Promise.race([announced, exited]);
  return {
    url,
    key,
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

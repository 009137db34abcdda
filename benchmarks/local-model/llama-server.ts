import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { ChatMessage } from "@agent-learning/learning";

export interface LlamaServer {
  ask(messages: readonly ChatMessage[]): Promise<string>;
  /** Processor time that it took so far, in seconds; 0 where the system does not say. */
  processorSeconds(): number;
  stop(): Promise<void>;
}

export interface LlamaServerOptions {
  /** llama.cpp's `llama-server`. */
  program: string;
  /** GGUF file. */
  path: string;
  threads: number;
  slots: number;
  /** Tokens that one slot has room for. */
  contextSize: number;
}

const START_MILLISECONDS = 120_000;
const STOP_MILLISECONDS = 10_000;

/** Starts llama.cpp's server and waits until it answers. @throws Error when it ends before, with the last that it wrote */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const port = await freePort();
  const flags = {
    model: options.path,
    host: "127.0.0.1",
    port,
    threads: options.threads,
    "threads-batch": options.threads,
    parallel: options.slots,
    "ctx-size": options.slots * options.contextSize,
  };
  const child = spawn(
    options.program,
    Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let written = "";
  child.stderr.on("data", (part: Buffer) => {
    written = (written + part.toString("utf8")).slice(-2_000);
  });
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code) => (ended ??= `it ended with code ${code}: ${written}`));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (ended !== undefined) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill();
    if (await Promise.race([gone.then(() => false), wait(STOP_MILLISECONDS, true, { ref: false })]))
      child.kill("SIGKILL");
    await gone;
  };
  const started = performance.now();
  while (!(await isHealthy(url))) {
    if (ended === undefined && performance.now() - started < START_MILLISECONDS) {
      await wait(200);
      continue;
    }
    await stop();
    throw new Error(`${options.program} does not answer: ${ended ?? written}`);
  }
  return {
    stop,
    processorSeconds: () => readProcessorSeconds(child.pid),
    ask: async (messages) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages, temperature: 0, max_tokens: 16, cache_prompt: true }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      const body = (await response.json()) as { choices: { message: { content: string } }[] };
      return body.choices[0]?.message.content ?? "";
    },
  };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

/** Of a process and all its threads. Linux counts in hundredths of a second. */
function readProcessorSeconds(pid: number | undefined): number {
  try {
    const [, text = ""] = /\) (.*)$/su.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    const fields = text.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

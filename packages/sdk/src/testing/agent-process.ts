import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export interface AgentProcess {
  readonly child: ChildProcess;
  /** Everything that it said beside answers: what it resolved at start, and its errors. */
  readonly said: Record<string, unknown>[];
  /** Sends a command and resolves to its answer. */
  ask(command: string): Promise<unknown>;
  /** Sends a command that has no answer. */
  tell(command: string): void;
  kill(signal: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
}

const running: AgentProcess[] = [];
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.kill("SIGKILL");
});

/** Starts an agent in a process of its own; it is killed after the test. */
export async function startAgent(...args: string[]): Promise<AgentProcess> {
  const script = fileURLToPath(new URL("./agent.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=agent-learning-source", script, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said: Record<string, unknown>[] = [];
  const asked: ((answer: unknown) => void)[] = [];
  const started = Promise.withResolvers<void>();
  createInterface(child.stdout).on("line", (line) => {
    const message = JSON.parse(line) as Record<string, unknown>;
    if ("done" in message) asked.shift()?.(message["done"]);
    else said.push(message);
    started.resolve();
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const agent: AgentProcess = {
    child,
    said,
    exited,
    tell: (command) => void child.stdin.write(`${command}\n`),
    ask: (command) => {
      const answer = new Promise((resolve) => asked.push(resolve));
      agent.tell(command);
      return answer;
    },
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
  running.push(agent);
  await started.promise;
  return agent;
}

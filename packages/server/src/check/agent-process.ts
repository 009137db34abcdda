import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { AgentAnswer } from "@agent-learning/learning";
import { readAnswerLine } from "./read-answer-line.ts";

/** A question on the agent's standard input, one line of JSON. */
export interface AgentQuestion {
  id: string;
  input: string;
  context: unknown;
  /** Counted from 1: a disputed case is asked again and wants a fresh answer. */
  attempt: number;
}

/**
 * The user's own agent as a process: questions as JSON lines on its standard input, `{"id", "output"}` or `{"id", "error"}` as JSON
 * lines on its standard output, in any order. Its standard error is shown.
 */
export interface AgentProcess {
  /** Never rejects: a command that hangs, ends or talks nonsense is an answer with an error. */
  ask(question: AgentQuestion): Promise<AgentAnswer>;
  close(): Promise<void>;
}

interface Waiting {
  question: AgentQuestion;
  timer: NodeJS.Timeout | undefined;
  resolve(answer: AgentAnswer): void;
}

/** Starts in a row that brought no answer at all, after which the command is given up. */
const MOST_STARTS = 3;
const GIVEN_UP = `the command was given up: it brought no answer in ${MOST_STARTS} starts`;
const CLOSE_MILLISECONDS = 2_000;

/** Ends a command with everything that it started. */
function kill(child: ChildProcess): void {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

export function startAgentProcess(options: {
  command: string;
  /** Longest time for one answer. */
  timeoutMilliseconds: number;
}): AgentProcess {
  const { command, timeoutMilliseconds } = options;
  /** Oldest first. */
  const waiting = new Map<string, Waiting>();
  let child: ChildProcess | undefined;
  let fruitless = 0;
  let sent = 0;

  const settle = (id: string | undefined, answer: AgentAnswer): void => {
    const one = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || one === undefined) return;
    clearTimeout(one.timer);
    waiting.delete(id);
    one.resolve(answer);
  };
  const oldest = (): string | undefined => waiting.keys().next().value;

  const take = (line: string): void => {
    if (line.trim() === "") return;
    const { id = oldest(), answer } = readAnswerLine(line);
    if (id === undefined || !waiting.has(id)) {
      process.stderr.write(`The command answered what was not asked: ${line.slice(0, 200)}\n`);
      return;
    }
    fruitless = 0;
    settle(id, answer);
  };

  const start = (): ChildProcess => {
    const started = spawn(command, {
      shell: true,
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: started.stdout }).on("line", (line) => {
      if (child === started) take(line);
    });
    // A command that ended cannot be written to; its end says so.
    started.stdin.on("error", () => undefined);
    const ended = (reason: string): void => {
      if (child === started) startAnew(oldest(), reason);
    };
    started.on("error", (error) => ended(`the command could not be started: ${error.message}`));
    started.on("close", (code, signal) =>
      ended(`the command ended (${signal ?? `exit code ${code ?? "?"}`}) before it answered`),
    );
    return started;
  };

  /** The question that it failed at has its answer; those that waited beside it are put to a new process. */
  const startAnew = (guilty: string | undefined, reason: string): void => {
    child = undefined;
    fruitless += 1;
    settle(guilty, { error: reason });
    if (fruitless < MOST_STARTS) {
      for (const id of waiting.keys()) send(id);
      return;
    }
    for (const id of waiting.keys()) settle(id, { error: GIVEN_UP });
  };

  const send = (id: string): void => {
    const one = waiting.get(id);
    if (one === undefined) return;
    child ??= start();
    const running = child;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      kill(running);
      const reason = `the command did not answer within ${timeoutMilliseconds / 1000} s`;
      if (child === running) startAnew(id, reason);
      else settle(id, { error: reason });
    }, timeoutMilliseconds);
    running.stdin?.write(`${JSON.stringify({ ...one.question, id })}\n`);
  };

  return {
    ask: (question) =>
      new Promise((resolve) => {
        if (child === undefined && fruitless >= MOST_STARTS) {
          resolve({ error: GIVEN_UP });
          return;
        }
        sent += 1;
        const id = `${sent}:${question.id}`;
        waiting.set(id, { question, timer: undefined, resolve });
        send(id);
      }),
    close: async () => {
      const running = child;
      child = undefined;
      for (const id of waiting.keys()) settle(id, { error: "the check ended" });
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once("close", resolve));
      running.stdin?.end();
      const timer = setTimeout(() => kill(running), CLOSE_MILLISECONDS);
      await ended;
      clearTimeout(timer);
    },
  };
}

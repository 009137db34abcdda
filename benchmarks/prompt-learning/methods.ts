import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Candidate,
  createRandom,
  type Demonstration,
  normalised,
  optimizePrompt,
  type Row,
  shuffled,
} from "@agent-learning/learning";
import type { CountingProxy } from "./counting-proxy.ts";
import type { Task } from "./tasks.ts";

/** One way to a prompt. Everything that it asks goes through the proxy. */
export interface Method {
  name: string;
  find(work: Work): Promise<Candidate>;
}

export interface Work {
  task: Task;
  training: readonly Row[];
  seed: string;
  /** Calls at most. */
  budget: number;
  proxy: CountingProxy;
}

const NEAREST = 16;

export function seedCandidate({ instruction, maxTokens }: Task): Candidate {
  return {
    runtime: "model",
    components: { system_prompt: instruction },
    demonstrations: [],
    parameters: { temperature: 0, max_tokens: maxTokens },
  };
}

const demonstrationsOf = (rows: readonly Row[]): Demonstration[] =>
  rows.map(({ id, input, expected }) => ({ input, output: expected, exampleId: id }));

/** Labelled demonstrations drawn at random: the first so many of one order, so that the larger sets hold the smaller ones. */
const labelled = (size: number): Method => ({
  name: `${size} labelled`,
  find: async ({ task, training, seed }) => ({
    ...seedCandidate(task),
    demonstrations: demonstrationsOf(
      shuffled(createRandom(`demonstrations ${task.name} ${seed}`), training).slice(0, size),
    ),
  }),
});

const nearest: Method = {
  name: `${NEAREST} nearest`,
  find: async ({ task, training }) => {
    const seed = seedCandidate(task);
    return {
      ...seed,
      demonstrations: demonstrationsOf(training),
      parameters: {
        ...seed.parameters,
        demonstration_selection: "nearest",
        nearest_demonstrations: NEAREST,
      },
    };
  },
};

const portfolio: Method = {
  name: "portfolio",
  find: async ({ task, training, seed, budget, proxy }) => {
    const running = optimizePrompt({
      seed: seedCandidate(task),
      training,
      evaluator: normalised,
      model: proxy.model,
      proposer: proxy.model,
      budget: { calls: budget },
      randomSeed: `${task.name} ${seed}`,
    }).run();
    for (;;) {
      const step = await running.next();
      if (step.done === true) return step.value.best;
    }
  },
};

/**
 * Another optimiser: a command that reads LEARNING_TASK (a JSON file: `instruction`, `max_tokens`, `training` with `input` and
 * `expected`, `budget_calls`, `seed`), asks the model at OPENAI_BASE_URL, and writes the chat messages that stand before an input, as
 * JSON, to LEARNING_RESULT: `{ "messages": [{ "role", "content" }] }`.
 */
export function external(name: string, command: string): Method {
  return {
    name,
    find: async ({ task, training, seed, budget, proxy }) => {
      const folder = mkdtempSync(join(tmpdir(), "prompt-learning-"));
      const [given, result] = [join(folder, "task.json"), join(folder, "result.json")];
      const rows = training.map(({ input, expected }) => ({ input, expected }));
      const { instruction, maxTokens: max_tokens } = task;
      writeFileSync(
        given,
        JSON.stringify({ instruction, max_tokens, training: rows, budget_calls: budget, seed }),
      );
      const url = await proxy.listen();
      try {
        await run(command, {
          LEARNING_TASK: given,
          LEARNING_RESULT: result,
          OPENAI_BASE_URL: url,
          OPENAI_API_KEY: "none",
        });
      } finally {
        await proxy.close();
      }
      return candidateOf(task, JSON.parse(readFileSync(result, "utf8")) as unknown);
    },
  };
}

function run(command: string, environment: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: "inherit", env: { ...process.env, ...environment } });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`)),
    );
  });
}

/** The messages as a candidate. @throws Error for messages that are no system prompt and pairs of turns */
export function candidateOf(task: Task, result: unknown): Candidate {
  const messages = (result as { messages?: { role: string; content: string }[] } | null)?.messages ?? [];
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  const turns = messages.filter(({ role }) => role !== "system");
  const demonstrations: Demonstration[] = [];
  for (let index = 0; index < turns.length; index += 2) {
    const [user, assistant] = [turns[index], turns[index + 1]];
    if (user?.role !== "user" || assistant?.role !== "assistant")
      throw new Error(
        "The result's messages must be a system prompt and pairs of a user's and an assistant's turn.",
      );
    demonstrations.push({ input: user.content, output: assistant.content });
  }
  return { ...seedCandidate(task), components: { system_prompt: system.join("\n\n") }, demonstrations };
}

export const SEED: Method = { name: "seed", find: async ({ task }) => seedCandidate(task) };
export const METHODS: readonly Method[] = [SEED, ...[8, 20, 40, 64].map(labelled), nearest, portfolio];

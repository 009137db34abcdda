import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LanguageModel } from "@agent-learning/learning";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCountingProxy } from "./counting-proxy.ts";
import { drawFrontier } from "./draw-frontier.ts";
import { candidateOf, external, METHODS, seedCandidate } from "./methods.ts";
import { type Measured, summarise } from "./summarise.ts";
import { drawTraining, readTask } from "./tasks.ts";

const request = { messages: [{ role: "user" as const, content: "a" }], temperature: 0, maxTokens: 4 };
const model: LanguageModel = {
  generate: async ({ messages }) => ({
    text: `said ${messages.at(-1)?.content}`,
    promptTokens: 3,
    completionTokens: 2,
  }),
};
const task = {
  name: "t",
  instruction: "Name it.",
  maxTokens: 4,
  test: [],
  pool: Array.from({ length: 40 }, (_, index) => ({
    id: String(index),
    input: `input ${index}`,
    expected: index % 4 === 0 ? "rare" : "usual",
  })),
};

describe("the proxy", () => {
  it("counts, ends at the budget exactly, also for calls at the same time, and counts anew", async () => {
    const proxy = createCountingProxy(model);
    proxy.reset(3);
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => proxy.model.generate(request)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(proxy.counted).toEqual({
      calls: 3,
      failedCalls: 0,
      refusedCalls: 2,
      promptTokens: 9,
      completionTokens: 6,
    });
    proxy.reset();
    expect(proxy.counted.calls).toBe(0);
  });

  it("is an endpoint for others, on the same counter", async () => {
    const proxy = createCountingProxy(model);
    proxy.reset(1);
    const url = await proxy.listen();
    const ask = (): Promise<Response> =>
      fetch(`${url}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ messages: [{ role: "user", content: [{ type: "text", text: "b" }] }] }),
      });
    try {
      const first = await ask();
      expect(await first.json()).toMatchObject({
        choices: [{ message: { content: "said b" } }],
        usage: { prompt_tokens: 3 },
      });
      expect((await ask()).status).toBe(402);
      expect(proxy.counted).toMatchObject({ calls: 1, refusedCalls: 1 });
    } finally {
      await proxy.close();
    }
  });
});

describe("methods", () => {
  const work = (proxy = createCountingProxy(model)) => ({
    task,
    training: task.pool,
    seed: "1",
    budget: 30,
    proxy,
  });

  it("labelled sets hold the smaller ones and ask nothing; the portfolio keeps its budget", async () => {
    const proxy = createCountingProxy(model);
    proxy.reset(30);
    const find = async (name: string) => METHODS.find((method) => method.name === name)?.find(work(proxy));
    const [eight, twenty] = [await find("8 labelled"), await find("20 labelled")];
    expect(twenty?.demonstrations.slice(0, 8)).toEqual(eight?.demonstrations);
    expect(proxy.counted.calls).toBe(0);
    await find("portfolio");
    expect(proxy.counted.calls).toBeGreaterThan(5);
    expect(proxy.counted).toMatchObject({ refusedCalls: 0 });
  });

  it("another optimiser is a command that reads the task, asks through the proxy and writes messages", async () => {
    const script = `
      const { readFileSync, writeFileSync } = require("node:fs");
      const task = JSON.parse(readFileSync(process.env.LEARNING_TASK, "utf8"));
      const body = JSON.stringify({ messages: [{ role: "user", content: task.training[0].input }] });
      fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", body }).then(async (answer) => {
        const { choices } = await answer.json();
        const messages = [{ role: "system", content: choices[0].message.content }];
        writeFileSync(process.env.LEARNING_RESULT, JSON.stringify({ messages }));
      });`;
    const folder = mkdtempSync(join(tmpdir(), "optimiser-"));
    const file = join(folder, "optimise.cjs");
    writeFileSync(file, script);
    const proxy = createCountingProxy(model);
    const method = external("another", `"${process.execPath}" "${file}"`);
    expect((await method.find(work(proxy))).components).toEqual({ system_prompt: "said input 0" });
    expect(proxy.counted.calls).toBe(1);
    rmSync(folder, { recursive: true });
  });

  it("reads messages as a candidate, and refuses what is none", () => {
    const turns = [
      { role: "system", content: "S" },
      { role: "user", content: "i" },
      { role: "assistant", content: "o" },
    ];
    expect(candidateOf(task, { messages: turns })).toEqual({
      ...seedCandidate(task),
      components: { system_prompt: "S" },
      demonstrations: [{ input: "i", output: "o" }],
    });
    expect(() => candidateOf(task, { messages: turns.slice(0, 2) })).toThrow("pairs");
  });
});

const run = (method: string, seed: string, scores: number[], promptTokens = 10): Measured => ({
  task: "t",
  method,
  seed,
  scores,
  promptTokens,
  counted: { calls: 4, failedCalls: 0, refusedCalls: 0, promptTokens: 8, completionTokens: 2 },
  seconds: 1,
});

describe("the summary", () => {
  const measured = [
    run("seed", "–", [1, 0, 0, 0]),
    run("portfolio", "1", [1, 1, 1, 0], 50),
    run("portfolio", "2", [0, 0, 0, 0], 70),
  ];

  it("is the mean over seeds, paired with the seed prompt row by row, and counts runs below it", () => {
    const [seed, ours] = summarise(measured, "seed");
    expect(seed).toMatchObject({ accuracy: 0.25, difference: 0, belowSeed: 0 });
    expect(ours).toMatchObject({
      runs: 2,
      accuracy: 0.375,
      difference: 0.125,
      calls: 4,
      tokens: 10,
      promptTokens: 60,
      belowSeed: 1,
    });
    expect(ours?.interval[0]).toBeLessThan(0.125);
    expect(ours?.interval[1]).toBeGreaterThan(0.125);
  });

  it("is drawn with every method in it, as well-formed XML", () => {
    const picture = drawFrontier(summarise([...measured, run("8 labelled", "1", [1, 1, 0, 0], 30)], "seed"));
    for (const method of ["seed", "portfolio", "8 labelled"]) expect(picture).toContain(`>${method}</text>`);
    expect(picture.match(/<circle/g)).toHaveLength(3);
    expect(picture).not.toContain("NaN");
    expect(drawFrontier([])).toContain("</svg>");
  });
});

describe("tasks", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tasks-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("reads labels and texts; a task without files is none; a name that is none is an error", async () => {
    mkdirSync(join(folder, "trec"));
    writeFileSync(join(folder, "trec/train.txt"), "0 What is it ?\n5 How many ?\n");
    writeFileSync(join(folder, "trec/test.txt"), "3 Who was he ?\n4 Where is it ?\n");
    const trec = await readTask("trec", folder, 1);
    expect(trec?.pool.map(({ input, expected }) => [input, expected])).toEqual([
      ["What is it ?", "description"],
      ["How many ?", "number"],
    ]);
    expect(trec?.test).toHaveLength(1);
    expect(await readTask("subj", folder, 1)).toBeUndefined();
    await expect(readTask("imdb", folder, 1)).rejects.toThrow("is no task");
  });

  it("draws balanced rows, the same for the same seed", () => {
    const rows = drawTraining(task, "1", 20);
    expect(rows.filter(({ expected }) => expected === "rare")).toHaveLength(10);
    expect(drawTraining(task, "1", 20)).toEqual(rows);
    expect(drawTraining(task, "2", 20)).not.toEqual(rows);
  });
});

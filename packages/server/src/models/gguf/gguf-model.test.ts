import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatMessage, GenerateRequest } from "@agent-learning/learning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeLlama, type FakeLlamaOptions, type FakeLlama } from "./fake-llama.testing.ts";
import { ContextOverflow, ggufModel, type GgufModel } from "./gguf-model.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-"));
  path = join(folder, "model.gguf");
  await writeFile(path, "GGUF");
});
afterAll(() => rm(folder, { recursive: true }));

const demonstrations: ChatMessage[] = Array.from({ length: 12 }, (_, n) => [
  { role: "user" as const, content: `question ${n}` },
  { role: "assistant" as const, content: `answer ${n}` },
]).flat();
const ask = (question: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [{ role: "system", content: "Shout." }, ...demonstrations, { role: "user", content: question }],
  temperature: 0,
  maxTokens: 40,
  ...more,
});
/** Tokens of the rendered messages: one for each character. */
const size = (messages: readonly ChatMessage[]): number =>
  messages.reduce(
    (sum, { role, content }) => sum + content.length + (role === "system" ? 8 : role === "user" ? 6 : 7),
    6,
  );

async function open(
  options: FakeLlamaOptions & { parallel?: number } = {},
): Promise<{ fake: FakeLlama; model: GgufModel }> {
  const fake = fakeLlama(options);
  const parallel = options.parallel ?? 4;
  return { fake, model: await ggufModel(path, { module: fake.module, parallel }) };
}

describe("an answer", () => {
  it("comes with the tokens of the whole prompt and of the answer", async () => {
    const { model } = await open();
    const request = ask("hello");
    expect(await model.generate(request)).toEqual({
      text: "HELLO",
      promptTokens: size(request.messages),
      completionTokens: 5,
    });
  });

  it("ends at maxTokens", async () => {
    const { model } = await open();
    expect(await model.generate(ask("hello", { maxTokens: 3 }))).toMatchObject({
      text: "HEL",
      completionTokens: 3,
    });
  });

  it("ends before a stop text, and generates no further", async () => {
    const { model } = await open();
    const answer = await model.generate(ask("one\ntwo\nthree", { stop: ["###", "\n"] }));
    expect(answer).toMatchObject({ text: "ONE", completionTokens: 4 });
  });

  it("ends where the template's turn ends, also when the vocabulary does not say so", async () => {
    const { model } = await open({ answer: () => "label\u0000user:and so on" });
    expect((await model.generate(ask("x"))).text).toBe("label");
  });

  it("has no reasoning in it", async () => {
    const settings = { segments: { thought: { prefix: "<think>", suffix: "</think>" } } };
    const { model } = await open({ answer: () => "<think>hm</think>\nlabel", settings });
    expect((await model.generate(ask("x"))).text).toBe("label");
  });

  it("needs a question", async () => {
    const { model } = await open();
    await expect(model.generate({ ...ask("x"), messages: demonstrations })).rejects.toThrow(
      "must be the user's",
    );
    await expect(model.generate({ ...ask("x"), messages: [] })).rejects.toThrow("must be the user's");
  });

  it("is refused when prompt and answer do not fit, and the next one is not harmed", async () => {
    const { model } = await open({ contextSize: 500 });
    const refused = await model.generate(ask("x".repeat(300))).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ContextOverflow);
    expect(String(refused)).toMatch(
      /The prompt has \d+ tokens and the answer may have 40, but .* has room for 499/,
    );
    expect((await model.generate(ask("short"))).text).toBe("SHORT");
  });
});

describe("shared prefixes", () => {
  it("are evaluated once for requests that follow each other", async () => {
    const { fake, model } = await open();
    for (const question of ["one", "two", "three", "four"]) {
      expect((await model.generate(ask(question))).text).toBe(question.toUpperCase());
    }
    const prefix = size(ask("").messages);
    expect(model.statistics.promptTokens).toBeGreaterThan(4 * prefix);
    expect(model.statistics.evaluatedTokens).toBeLessThan(prefix + 4 * 20);
    expect(fake.log.filter((line) => line.includes("copies"))).toEqual([]);
  });

  it("are evaluated once for requests that come together, and answered in batches", async () => {
    const { fake, model } = await open();
    const questions = Array.from({ length: 20 }, (_, n) => `question number ${n}`);
    const answers = await Promise.all(questions.map((question) => model.generate(ask(question))));
    expect(answers.map((answer) => answer.text)).toEqual(questions.map((question) => question.toUpperCase()));
    const prefix = size(ask("").messages);
    expect(model.statistics.evaluatedTokens).toBeLessThan(prefix + 20 * 40);
    const full = fake.batches.filter((batch) => batch.length === 4);
    expect(full.length).toBeGreaterThan(0.8 * (fake.batches.length - Math.ceil(prefix / 64)));
    expect(Math.max(...fake.batches.map((batch) => batch.length))).toBe(4);
  });

  it("are found in variants: each leaves out another demonstration", async () => {
    const { model } = await open({ parallel: 2 });
    const requests = Array.from({ length: 12 }, (_, n) => {
      const request = ask(`without ${n}`);
      const messages = request.messages.filter((_, index) => index !== 1 + 2 * n && index !== 2 + 2 * n);
      return { ...request, messages };
    });
    const answers = await Promise.all(requests.map((request) => model.generate(request)));
    expect(answers.map((answer) => answer.text)).toEqual(requests.map((_, n) => `WITHOUT ${n}`));
    expect(model.statistics.evaluatedTokens).toBeLessThan(0.75 * model.statistics.promptTokens);
  });

  it("are kept by each sequence for itself where states cannot be copied", async () => {
    const { model } = await open({ canCopy: false, parallel: 2 });
    const questions = ["one", "two", "three", "four", "five", "six"];
    const answers = await Promise.all(questions.map((question) => model.generate(ask(question))));
    expect(answers.map((answer) => answer.text)).toEqual(questions.map((question) => question.toUpperCase()));
    expect(model.statistics.evaluatedTokens).toBeLessThan(0.6 * model.statistics.promptTokens);
  });

  it("change no answer: the same question again is evaluated from its last token", async () => {
    const { model } = await open();
    const first = await model.generate(ask("again"));
    const { evaluatedTokens } = model.statistics;
    expect(await model.generate(ask("again"))).toEqual(first);
    expect(model.statistics.evaluatedTokens - evaluatedTokens).toBe(1);
  });

  it("of a failed evaluation are forgotten", async () => {
    const { model } = await open({ failAt: "poison" });
    await expect(model.generate(ask("poison"))).rejects.toThrow("decode failed");
    expect((await model.generate(ask("fine"))).text).toBe("FINE");
  });

  it("do not take one failure to the others of a batch", async () => {
    const { model } = await open({ failAt: "poison" });
    const questions = ["one", "poison", "three", "four"];
    const results = await Promise.allSettled(questions.map((question) => model.generate(ask(question))));
    expect(results.map((result) => result.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });
});

describe("abort", () => {
  it("rejects at once with the reason and leaves the others and the model in order", async () => {
    const { model } = await open();
    const abort = new AbortController();
    const cancelled = model.generate(ask("x".repeat(200), { maxTokens: 300, signal: abort.signal }));
    const other = model.generate(ask("y".repeat(100), { maxTokens: 300 }));
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    abort.abort(new Error("the run was cancelled"));
    await expect(cancelled).rejects.toThrow("the run was cancelled");
    expect((await other).text).toBe("Y".repeat(100));
    expect((await model.generate(ask("next"))).text).toBe("NEXT");
  });

  it("takes a request out of the queue", async () => {
    const { model } = await open({ parallel: 1 });
    const abort = new AbortController();
    const first = model.generate(ask("first"));
    const second = model.generate(ask("second", { signal: abort.signal }));
    abort.abort(new Error("the run was cancelled"));
    await expect(second).rejects.toThrow("the run was cancelled");
    expect((await first).text).toBe("FIRST");
  });

  it("before the call makes no call", async () => {
    const { fake, model } = await open();
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(model.generate(ask("x", { signal }))).rejects.toThrow("too late");
    expect(fake.batches).toEqual([]);
  });
});

describe("opening and closing", () => {
  it("ends what runs, then frees everything from the inside out, once", async () => {
    const { fake, model } = await open();
    const running = model.generate(ask("x".repeat(200), { maxTokens: 300 }));
    running.catch(() => undefined);
    await Promise.all([model.dispose(), model.dispose()]);
    await expect(running).rejects.toThrow(/was closed/);
    expect(fake.disposed).toEqual(["context", "model", "llama"]);
    await expect(model.generate(ask("x"))).rejects.toThrow(/was closed/);
  });

  it("frees what it opened when the context cannot be made", async () => {
    const fake = fakeLlama();
    const getLlama: typeof fake.module.getLlama = async (options) => {
      const llama = await fake.module.getLlama(options);
      return {
        ...llama,
        loadModel: async (from) => ({
          ...(await llama.loadModel(from)),
          createContext: () => Promise.reject(new Error("not enough memory")),
        }),
      };
    };
    const opening = ggufModel(path, { module: { ...fake.module, getLlama } });
    await expect(opening).rejects.toThrow(
      /does not load \(not enough memory\): check that the file is whole/,
    );
    expect(fake.disposed).toEqual(["model", "llama"]);
  });
});

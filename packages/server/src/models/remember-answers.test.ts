import type { GenerateRequest, LanguageModel } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { rememberAnswers } from "./remember-answers.ts";

const request = (content: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [{ role: "user", content }],
  temperature: 0,
  maxTokens: 8,
  ...more,
});

function counting(): LanguageModel & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    prefill: "dear",
    generate: async ({ messages }) => {
      const content = messages.at(-1)?.content ?? "";
      asked.push(content);
      if (content === "fails") throw new Error("no");
      return { text: `${content}!`, promptTokens: 3, completionTokens: 1 };
    },
  };
}

describe("rememberAnswers", () => {
  it("asks the same thing once, and gives the same answer", async () => {
    const model = counting();
    const remembering = rememberAnswers(model);
    const first = await remembering.generate(request("a"));
    expect(
      await remembering.generate(request("a", { batch: { id: "x", size: 2, sharedMessages: 0 } })),
    ).toEqual(first);
    expect(model.asked).toEqual(["a"]);
    expect(remembering.answers).toEqual({ given: 1, remembered: 1 });
  });

  it("tells apart what may be answered otherwise", async () => {
    const model = counting();
    const remembering = rememberAnswers(model);
    await remembering.generate(request("a"));
    await remembering.generate(request("a", { maxTokens: 9 }));
    await remembering.generate(request("a", { stop: ["\n"] }));
    await remembering.generate({
      ...request("a"),
      messages: [{ role: "system", content: "a" }, ...request("a").messages],
    });
    expect(model.asked).toHaveLength(4);
  });

  it("keeps nothing that was drawn at random, and no failure", async () => {
    const model = counting();
    const remembering = rememberAnswers(model);
    for (let time = 0; time < 2; time += 1) {
      await remembering.generate(request("a", { temperature: 0.7 }));
      await expect(remembering.generate(request("fails"))).rejects.toThrow("no");
    }
    expect(model.asked).toEqual(["a", "fails", "a", "fails"]);
  });

  it("forgets what was used longest ago", async () => {
    const model = counting();
    const remembering = rememberAnswers(model, { limit: 2 });
    for (const content of ["a", "b", "a", "c", "a", "b"]) await remembering.generate(request(content));
    expect(model.asked).toEqual(["a", "b", "c", "b"]);
  });

  it("heeds an abort, and says what its model says of prompts", async () => {
    const remembering = rememberAnswers(counting());
    await remembering.generate(request("a"));
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(remembering.generate(request("a", { signal }))).rejects.toThrow("stop");
    expect(remembering.prefill).toBe("dear");
    expect(
      rememberAnswers({ generate: async () => ({ text: "", promptTokens: 0, completionTokens: 0 }) }).prefill,
    ).toBeUndefined();
  });
});

import type { Candidate, LanguageModel } from "@agent-learning/learning";
import { describe, expect, it } from "vitest";
import { measureAffectedShare } from "./replay.ts";

const candidate = (prompt: string): Candidate => ({
  runtime: "model",
  components: { system_prompt: prompt },
  demonstrations: [],
  parameters: {},
});

/** Answers in capitals where the instruction says "loud" and the question is no greeting. */
function model(): LanguageModel & { asked: number } {
  const answering = {
    asked: 0,
    generate: async ({ messages }: Parameters<LanguageModel["generate"]>[0]) => {
      answering.asked += 1;
      const question = messages.at(-1)?.content ?? "";
      const loud = messages[0]?.content === "loud" && question !== "hello";
      return { text: loud ? question.toUpperCase() : question, promptTokens: 1, completionTokens: 1 };
    },
  };
  return answering;
}

describe("measureAffectedShare", () => {
  it("counts a question as often as it was asked, and asks it once", async () => {
    const asked = model();
    const inputs = ["hello", "when", "hello", "where", "hello"];
    const share = await measureAffectedShare({
      base: candidate("calm"),
      candidate: candidate("loud"),
      inputs,
      model: asked,
    });
    expect(share).toBeCloseTo(2 / 5);
    expect(asked.asked).toBe(2 * 3);
  });

  it("knows nothing without inputs, or without the model that they need", async () => {
    const options = { base: candidate("calm"), candidate: candidate("loud") };
    expect(await measureAffectedShare({ ...options, inputs: [], model: model() })).toBeNull();
    expect(await measureAffectedShare({ ...options, inputs: ["hello"], model: undefined })).toBeNull();
  });

  it("stops when it is told to", async () => {
    const options = {
      base: candidate("calm"),
      candidate: candidate("loud"),
      inputs: ["hello"],
      model: model(),
    };
    const signal = AbortSignal.abort(new Error("the worker stops"));
    await expect(measureAffectedShare({ ...options, signal })).rejects.toThrow("the worker stops");
  });
});

import { describe, expect, test } from "vitest";
import { scriptedModel } from "../../testing/scripted-model.ts";
import { generateStructured, NoStructuredOutput } from "./generate-structured.ts";

const request = {
  messages: [{ role: "user" as const, content: "Judge." }],
  temperature: 0,
  maxTokens: 50,
  schema: { type: "object", required: ["pass"], properties: { pass: { type: "boolean" } } },
};

describe("generateStructured", () => {
  test("gives the JSON of an answer that fits, also inside a fence", async () => {
    const model = scriptedModel(() => 'Sure:\n```json\n{"pass": true}\n```');
    expect(await generateStructured(model, request)).toEqual({ pass: true });
    expect(model.requests).toHaveLength(1);
  });

  test("asks again with what was wrong", async () => {
    const model = scriptedModel((_request, call) => (call === 1 ? '{"pass": "yes"}' : '{"pass": false}'));
    expect(await generateStructured(model, request)).toEqual({ pass: false });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain("pass is not of type boolean");
    expect(model.requests[1]?.messages.at(-2)).toEqual({ role: "assistant", content: '{"pass": "yes"}' });
  });

  test("gives up in a sentence; a model that throws is its own error", async () => {
    const nonsense = generateStructured(
      scriptedModel(() => "Well…"),
      request,
    );
    await expect(nonsense).rejects.toThrow(NoStructuredOutput);
    await expect(nonsense).rejects.toThrow("it holds no JSON");
    const broken = scriptedModel(() => Promise.reject(new Error("away")));
    await expect(generateStructured(broken, request)).rejects.toThrow("away");
  });
});

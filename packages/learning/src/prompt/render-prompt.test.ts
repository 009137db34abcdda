import { describe, expect, test } from "vitest";
import { MESSAGES } from "../testing/messages.ts";
import type { Candidate } from "./candidate.ts";
import { renderPrompt } from "./render-prompt.ts";

const base: Candidate = {
  runtime: "model",
  components: { system_prompt: "Name the intent.", note: "not part of the prompt" },
  demonstrations: [
    { input: "hi", output: "greeting", exampleId: "e1" },
    { input: "bye", output: "farewell" },
  ],
  parameters: {},
};

describe("renderPrompt", () => {
  test("system prompt, demonstrations as turns, then the input", () => {
    expect(renderPrompt(base, "hello")).toEqual([
      { role: "system", content: "Name the intent." },
      { role: "user", content: "hi" },
      { role: "assistant", content: "greeting" },
      { role: "user", content: "bye" },
      { role: "assistant", content: "farewell" },
      { role: "user", content: "hello" },
    ]);
  });

  test("no system message without a system prompt", () => {
    expect(renderPrompt({ ...base, components: {}, demonstrations: [] }, "x")).toEqual([
      { role: "user", content: "x" },
    ]);
  });

  test("the playbook's rules follow the instruction", () => {
    const playbook = [
      { id: "1", text: "Be short.", evidenceIds: [], helpful: 1, harmful: 0 },
      { id: "2", text: "Be kind.", evidenceIds: [], helpful: 1, harmful: 0 },
    ];
    expect(renderPrompt({ ...base, playbook }, "x")[0]?.content).toBe(
      "Name the intent.\n\nRules learned from experience:\n- Be short.\n- Be kind.",
    );
    expect(renderPrompt({ ...base, components: {}, playbook }, "x")[0]?.content).toBe(
      "- Be short.\n- Be kind.",
    );
  });

  test("everything before the input is equal for all inputs", () => {
    const [one, other] = [renderPrompt(base, "one"), renderPrompt(base, "other")];
    expect(one.slice(0, -1)).toEqual(other.slice(0, -1));
  });

  test("leave-one-out hides an example by id and by input", () => {
    const shown = renderPrompt(base, "Bye", { leaveOut: { exampleId: "e1", input: "Bye" } });
    expect(shown.map((message) => message.content)).toEqual(["Name the intent.", "Bye"]);
  });

  test('"nearest" shows the most similar demonstrations, the nearest last', () => {
    const candidate: Candidate = {
      ...base,
      demonstrations: MESSAGES.map((row) => ({ input: row.input, output: row.expected, exampleId: row.id })),
      parameters: { demonstration_selection: "nearest", nearest_demonstrations: 3 },
    };
    const messages = renderPrompt(candidate, "Where can I download the invoice?");
    expect(messages).toHaveLength(1 + 2 * 3 + 1);
    expect(messages.at(-3)?.content).toBe("Where can I download my invoice?");
    expect(messages.at(-2)?.content).toBe("invoice_copy");
    const without = renderPrompt(candidate, "Where can I download my invoice?", {
      leaveOut: { input: "Where can I download my invoice?" },
    });
    expect(without.slice(0, -1).map((message) => message.content)).not.toContain(
      "Where can I download my invoice?",
    );
  });
});

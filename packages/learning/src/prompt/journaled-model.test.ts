import { describe, expect, it } from "vitest";
import type { GenerateRequest, LanguageModel } from "../ports.ts";
import { CompletionJournal } from "./completion-journal.ts";
import { journaledModel } from "./journaled-model.ts";

const ask = (content: string): GenerateRequest => ({
  messages: [{ role: "user", content }],
  temperature: 0.8,
  maxTokens: 8,
});

/** Answers with how often it was asked; fails at what it is told to. */
function counting(failing = ""): LanguageModel & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    generate: async ({ messages }) => {
      const content = messages[0]?.content ?? "";
      if (content === failing) throw new Error("away");
      asked.push(content);
      return { text: `${content} ${asked.length}`, promptTokens: 1, completionTokens: 1 };
    },
  };
}

describe("a model with a journal", () => {
  it("answers as before when work is begun again, the same question as often as it was asked, and asks on", async () => {
    const model = counting();
    let answered = 0;
    const journal = new CompletionJournal();
    const first = journaledModel({ model, journal, onAnswer: async () => void (answered += 1) });
    const heard = [];
    for (const content of ["a", "b", "a"]) heard.push((await first.generate(ask(content))).text);
    expect(heard).toEqual(["a 1", "b 2", "a 3"]);
    expect(answered).toBe(3);

    const again = journaledModel({ model, journal: CompletionJournal.restore(journal.toJSON()) });
    const repeated = [];
    for (const content of ["a", "b", "a", "a"]) repeated.push((await again.generate(ask(content))).text);
    expect(repeated).toEqual([...heard, "a 4"]);
    expect(model.asked).toEqual(["a", "b", "a", "a"]);
  });

  it("keeps no failure", async () => {
    const journal = new CompletionJournal();
    await expect(journaledModel({ model: counting("a"), journal }).generate(ask("a"))).rejects.toThrow(
      "away",
    );
    expect(journal.toJSON()).toEqual([]);
  });

  it("is as dear as the model", () => {
    const dear: LanguageModel = { ...counting(), prefill: "dear" };
    const journal = new CompletionJournal();
    expect(journaledModel({ model: dear, journal }).prefill).toBe("dear");
    expect(journaledModel({ model: counting(), journal })).not.toHaveProperty("prefill");
  });
});

import { describe, expect, test } from "vitest";
import type { Candidate } from "../candidate.ts";
import type { EvaluatedRow } from "../evaluation-cache.ts";
import { TrialBook } from "./trial-book.ts";

const candidate = (text: string): Candidate => ({
  runtime: "model",
  components: { system_prompt: text },
  demonstrations: [],
  parameters: {},
});
const family = { selection: "seed", size: 0 };
const row = (rowId: string, score: number, failure?: string): EvaluatedRow => ({
  rowId,
  output: "o",
  score,
  feedback: "",
  objectives: {},
  usage: { promptTokens: 1, completionTokens: 1 },
  ...(failure === undefined ? {} : { failure }),
});

describe("TrialBook", () => {
  test("an equal candidate is the same trial and keeps its origin", () => {
    const book = new TrialBook();
    const first = book.add({ candidate: candidate("a"), family, origin: "seed", promptTokens: 3 });
    const again = book.add({ candidate: candidate("a"), family, origin: "search", promptTokens: 3 });
    expect(again).toBe(first);
    expect(again.origin).toBe("seed");
    expect(book.trials()).toHaveLength(1);
    expect([book.has(candidate("a")), book.has(candidate("b"))]).toEqual([true, false]);
  });

  test("scores are kept by row, the last one counts, failed calls do not", () => {
    const book = new TrialBook();
    const trial = book.add({ candidate: candidate("a"), family, origin: "seed", promptTokens: 0 });
    book.record(trial, [row("1", 0), row("2", 1), row("3", 0, "timeout")]);
    book.record(trial, [row("1", 1)]);
    expect([...trial.scores]).toEqual([
      ["1", 1],
      ["2", 1],
    ]);
    expect(trial.answers.get("2")?.output).toBe("o");
    expect(trial.answers.has("3")).toBe(false);
  });

  test("the seed is the first trial", () => {
    const book = new TrialBook();
    expect(() => book.seed()).toThrow("empty");
    const seed = book.add({ candidate: candidate("a"), family, origin: "seed", promptTokens: 0 });
    book.add({ candidate: candidate("b"), family, origin: "search", promptTokens: 0 });
    expect(book.seed()).toBe(seed);
  });

  test("scores of a trial of another book are refused", () => {
    const trial = new TrialBook().add({ candidate: candidate("a"), family, origin: "seed", promptTokens: 0 });
    expect(() => new TrialBook().record(trial, [])).toThrow("Add a candidate");
  });
});

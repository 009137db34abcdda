import { expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { TrialBook } from "../trial-book.ts";
import { bootstrapPool } from "./bootstrap-pool.ts";
import { orderDemonstrations } from "./order-demonstrations.ts";

const shown = ["a", "b", "c", "d", "e"].map((input, index) => ({
  input,
  output: index % 2 === 0 ? "x" : "y",
}));

test("orders hold the same demonstrations", () => {
  const isHard = (key: string): boolean => key === "b" || key === "c";
  const inputs = (order: "drawn" | "grouped" | "hard_last"): string =>
    orderDemonstrations(shown, order, isHard, createRandom(1))
      .map(({ input }) => input)
      .join("");
  expect(inputs("drawn")).toBe("abcde");
  expect(inputs("hard_last")).toBe("adebc");
  expect(["acebd", "bdace"]).toContain(inputs("grouped"));
});

test("bootstrapped demonstrations are right answers in the model's words, the hard ones first", () => {
  const book = new TrialBook();
  const candidate = { runtime: "model" as const, components: {}, demonstrations: [], parameters: {} };
  const family = { selection: "seed", size: 0 };
  const seed = book.add({ candidate, family, origin: "seed", promptTokens: 0 });
  const trial = book.add({
    candidate: { ...candidate, parameters: { n: 1 } },
    family,
    origin: "test",
    promptTokens: 0,
  });
  const answer = (rowId: string, score: number, output = `said ${rowId}`) => ({
    rowId,
    output,
    score,
    feedback: "",
    objectives: {},
    usage: { promptTokens: 1, completionTokens: 1 },
  });
  book.record(seed, [answer("1", 1), answer("2", 0)]);
  book.record(trial, [answer("1", 1), answer("2", 1), answer("3", 0.5), answer("4", 1, " ")]);
  const rows = ["1", "2", "3", "4", "5"].map((id) => ({ id, input: `in ${id}`, expected: "gold" }));
  expect(bootstrapPool(trial, seed, rows)).toEqual([
    { input: "in 2", output: "said 2", exampleId: "2" },
    { input: "in 1", output: "said 1", exampleId: "1" },
  ]);
});

import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { compareNextTool, trainNextToolModel } from "./next-tool-model.ts";
import type { Trace } from "./trace.ts";

const traceOf = (text: string, i: number): Trace => ({
  id: `t${i}`,
  source: "expert",
  contributor: `c${i % 10}`,
  calls: text.split("").map((tool) => ({ tool })),
});

test("absolute discounting by hand", () => {
  // Outcomes: a, b, (end). After nothing: a 2, b 1, (end) 2; seen once: 1, twice: 2, so that d = 1 / 5.
  const model = trainNextToolModel(["ab", "a"].map(traceOf), 2);
  const share = (count: number): number => (count - 0.2 + (0.2 * 3) / 3) / 5;
  // After a: b 1, (end) 1. Of all contexts of one call: (start) a 2, a b 1, a (end) 1, b (end) 1, so that d = 3 / 5.
  const after = Object.fromEntries(model.predict(["a"]).map((one) => [one.tool, one.probability]));
  expect(after["a"]).toBeCloseTo((0.6 * 2 * share(2)) / 2, 12);
  expect(after["b"]).toBeCloseTo((1 - 0.6 + 0.6 * 2 * share(1)) / 2, 12);
  expect(after["(end)"]).toBeCloseTo((1 - 0.6 + 0.6 * 2 * share(2)) / 2, 12);
  // A call that was never seen leaves it to the shorter context.
  const unseen = Object.fromEntries(model.predict(["z"]).map((one) => [one.tool, one.probability]));
  expect(unseen["a"]).toBeCloseTo(share(2), 12);
});

test("probabilities add up to 1 at every order", () => {
  for (const order of [1, 2, 3, 5]) {
    const model = trainNextToolModel(["abcab", "bca", "", "cc"].map(traceOf), order);
    for (const before of ["", "a", "ab", "cab", "zz"]) {
      const sum = model.predict(before.split("")).reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  }
});

test("beats a bigram model where two calls back decide, and is no worse where they do not", () => {
  // After b comes what was before it.
  const memory = Array.from({ length: 60 }, (_, i) => traceOf(i % 2 === 0 ? "abac" : "dbde", i));
  const compared = compareNextTool(memory, { order: 4, random: createRandom("memory") });
  expect(compared?.accuracy).toBeGreaterThan((compared?.baselineAccuracy ?? 1) + 0.05);
  expect(compared?.gainLowerBound).toBeGreaterThan(0);
  expect(compared?.logLoss).toBeLessThan(compared?.baselineLogLoss ?? 0);
  const chain = Array.from({ length: 60 }, (_, i) => traceOf("abcd".slice(i % 3), i));
  const plain = compareNextTool(chain, { order: 4, random: createRandom("chain") });
  expect(plain?.accuracy).toBeCloseTo(plain?.baselineAccuracy ?? 0, 12);
  expect(compareNextTool(memory, { order: 4, random: createRandom("memory") })).toEqual(compared);
  expect(compareNextTool(memory.slice(0, 1), { order: 4, random: createRandom("") })).toBeUndefined();
});

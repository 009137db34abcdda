import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../random.ts";
import { MESSAGES } from "../../../testing/messages.ts";
import type { Demonstration } from "../../candidate.ts";
import { ladder, largestThatFits } from "./ladder.ts";
import { selectBalanced, selectDiverse, selectRandom } from "./select-demonstrations.ts";

const pool: Demonstration[] = MESSAGES.map((row) => ({
  input: row.input,
  output: row.expected,
  exampleId: row.id,
}));

describe.each([
  ["random", selectRandom],
  ["balanced", selectBalanced],
  ["diverse", selectDiverse],
])("%s", (_name, select) => {
  test("gives the asked number of different demonstrations of the pool, the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 40 }),
        fc.nat(),
        (size, from, seed) => {
          const part = pool.slice(from);
          const chosen = select(part, size, createRandom(seed));
          expect(chosen).toHaveLength(Math.min(size, part.length));
          expect(new Set(chosen).size).toBe(chosen.length);
          for (const demonstration of chosen) expect(part).toContain(demonstration);
          expect(select(part, size, createRandom(seed))).toEqual(chosen);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test("balanced shows each output equally often, also when the pool does not", () => {
  const skewed = [
    ...pool,
    ...Array.from({ length: 60 }, (_, n) => ({ input: `payroll ${n}`, output: "payroll" })),
  ];
  const counts = Map.groupBy(
    selectBalanced(skewed, 20, createRandom(3)),
    (demonstration) => demonstration.output,
  );
  expect([...counts.values()].map((group) => group.length)).toEqual([4, 4, 4, 4, 4]);
});

test("diverse prefers one of each kind to many of one kind", () => {
  const kinds = ["apple juice price", "train delay refund", "password reset link"];
  const many = kinds.flatMap((kind) =>
    Array.from({ length: 6 }, (_, n) => ({ input: `${kind} ${n}`, output: kind })),
  );
  const chosen = selectDiverse(many, 3, createRandom(9));
  expect(new Set(chosen.map((demonstration) => demonstration.output)).size).toBe(3);
});

test("the ladder doubles, has 40, and ends at the largest", () => {
  expect(ladder(0)).toEqual([]);
  expect(ladder(5)).toEqual([5]);
  expect(ladder(8)).toEqual([8]);
  expect(ladder(100)).toEqual([8, 16, 32, 40, 64, 100]);
});

test("as many demonstrations as fit beside the rest of the prompt", () => {
  const sizes = { available: 100, maximumPromptTokens: 1000, baseTokens: 100, tokensPerDemonstration: 30 };
  expect(largestThatFits(sizes)).toBe(30);
  expect(largestThatFits({ ...sizes, available: 12 })).toBe(12);
  expect(largestThatFits({ ...sizes, baseTokens: 2000 })).toBe(0);
});

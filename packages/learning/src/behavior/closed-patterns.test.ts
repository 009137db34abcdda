import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closedPatterns, containsPattern } from "./closed-patterns.ts";
import type { Trace } from "./trace.ts";

const traceOf = (text: string, i: number): Trace => ({
  id: `t${i}`,
  source: "agent",
  contributor: "c",
  calls: text.split("").map((tool) => ({ tool })),
});
const mine = (texts: readonly string[], leastSupport: number, longest?: number): Record<string, number> =>
  Object.fromEntries(
    closedPatterns(texts.map(traceOf), {
      leastSupport,
      ...(longest === undefined ? {} : { longest }),
    }).patterns.map(({ tools, traces }) => [tools.join(""), traces.length]),
  );

describe("closed patterns", () => {
  test("the example of the BIDE paper", () => {
    // Wang and Han 2004, table 1: CAABC, ABCB, CABC, ABBCA at support 2.
    expect(mine(["CAABC", "ABCB", "CABC", "ABBCA"], 2)).toEqual({
      AA: 2,
      ABB: 2,
      ABC: 4,
      CA: 3,
      CABC: 2,
      CB: 3,
    });
  });

  test("as many as wanted, and it says so", () => {
    const result = closedPatterns(["ab", "ac", "ab", "ac"].map(traceOf), { leastSupport: 2, most: 2 });
    expect(result.patterns).toHaveLength(2);
    expect(result.truncated).toBe(true);
    expect(mine([], 1)).toEqual({});
  });

  test("the same as trying every pattern", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (texts, leastSupport, longest) => {
          const all: string[] = [];
          let level = ["a", "b", "c"];
          for (let length = 1; length <= longest; length += 1) {
            all.push(...level);
            level = level.flatMap((text) => ["a", "b", "c"].map((tool) => text + tool));
          }
          const support = (pattern: string): number =>
            texts.filter((text) => containsPattern(text.split(""), pattern.split(""))).length;
          const frequent = all.filter((pattern) => support(pattern) >= leastSupport);
          const closed = frequent.filter(
            (pattern) =>
              !frequent.some(
                (other) =>
                  other.length > pattern.length &&
                  support(other) === support(pattern) &&
                  containsPattern(other.split(""), pattern.split("")),
              ),
          );
          expect(mine(texts, leastSupport, longest)).toEqual(
            Object.fromEntries(closed.map((pattern) => [pattern, support(pattern)])),
          );
        },
      ),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, randomInteger, shuffled } from "./random.ts";

describe("createRandom", () => {
  test("the same seed gives the same numbers, another seed others", () => {
    const draw = (seed: string): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  test("a fork depends on seed and label, not on what was drawn", () => {
    const one = createRandom("seed");
    const other = createRandom("seed");
    other.next();
    expect(one.fork("x").next()).toBe(other.fork("x").next());
    expect(one.fork("x").next()).not.toBe(one.fork("y").next());
    expect(one.fork("x").fork("y").next()).not.toBe(one.fork("y").fork("x").next());
  });

  test("is roughly uniform", () => {
    const random = createRandom(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) counts[randomInteger(random, 10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

test("shuffled keeps every item and leaves the input alone", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
      const before = [...items];
      const result = shuffled(createRandom(seed), items);
      expect(items).toEqual(before);
      expect(result.sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
    }),
  );
});

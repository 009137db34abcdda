import fc from "fast-check";
import { expect, test } from "vitest";
import { randomInteger, shuffled } from "./integer.ts";
import { SeededRandom } from "./seeded-random.ts";

test("the published sequence of xoshiro128** from the state 1, 2, 3, 4", () => {
  const random = SeededRandom.fromState([1, 2, 3, 4]);
  const values = Array.from({ length: 10 }, () => random.uint32());
  expect(values).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test("the same seed gives the same sequence, another seed another one", () => {
  const draw = (seed: string | number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 5 }, () => random.uniform());
  };
  expect(draw("a")).toEqual(draw("a"));
  expect(draw(7)).toEqual(draw(7));
  expect(draw("a")).not.toEqual(draw("b"));
  expect(draw(7)).not.toEqual(draw(8));
});

test("a state that went through JSON continues the sequence", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(50), (seed, draws) => {
      const random = new SeededRandom(seed);
      for (let i = 0; i < draws; i++) random.uint32();
      const copy = SeededRandom.fromState(JSON.parse(JSON.stringify(random.state())));
      for (let i = 0; i < 5; i++) expect(copy.uniform()).toBe(random.uniform());
    }),
  );
});

test("a state that the generator cannot leave, or that is none, is refused", () => {
  expect(() => SeededRandom.fromState([0, 0, 0, 0])).toThrow("state");
  expect(() => SeededRandom.fromState([1, 2, 3, -4])).toThrow("state");
  expect(() => SeededRandom.fromState([1, 2, 3, Number.NaN])).toThrow("state");
});

test("uniform draws fill [0, 1) evenly", () => {
  const random = new SeededRandom("uniform");
  const bins = Array.from({ length: 20 }, () => 0);
  for (let i = 0; i < 40_000; i++) {
    const bin = Math.floor(random.uniform() * 20);
    bins[bin] = (bins[bin] as number) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  expect(chiSquare).toBeLessThan(43.82); // 99.9 % of chi-square with 19 degrees of freedom
});

test("whole numbers stay below their bound and reach each value", () => {
  const random = new SeededRandom(1);
  const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 7)));
  expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(() => randomInteger(random, 0)).toThrow("bound");
});

test("a shuffle keeps the items, leaves its input and reaches every order", () => {
  const random = new SeededRandom("shuffle");
  const items = [1, 2, 3];
  const orders = new Set(Array.from({ length: 300 }, () => shuffled(random, items).join("")));
  expect([...orders].sort()).toEqual(["123", "132", "213", "231", "312", "321"]);
  expect(items).toEqual([1, 2, 3]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { bradleyTerry } from "./bradley-terry.ts";

test("reference value", () => {
  const strengths = bradleyTerry(3, [
    [0, 1],
    [0, 1],
    [1, 2],
    [2, 0],
  ]);
  [0.419618, -0.419618, 0].forEach((expected, i) => expect(strengths[i]).toBeCloseTo(expected, 6));
});

test("two items: the logit of the share of wins", () => {
  const comparisons: [number, number][] = [
    [0, 1],
    [0, 1],
    [0, 1],
    [1, 0],
  ];
  const strengths = bradleyTerry(2, comparisons);
  expect((strengths[0] as number) - (strengths[1] as number)).toBeCloseTo(Math.log(3), 10);
});

const comparisons = fc.array(
  fc.tuple(fc.nat(4), fc.nat(4)).filter(([a, b]) => a !== b),
  { maxLength: 60 },
);

test("renaming the items renames the strengths, and they add up to 0", () => {
  fc.assert(
    fc.property(comparisons, (list) => {
      const strengths = bradleyTerry(5, list, { prior: 0.5 });
      const renamed = bradleyTerry(
        5,
        list.map(([a, b]) => [4 - a, 4 - b] as const),
        { prior: 0.5 },
      );
      strengths.forEach((strength, i) => expect(renamed[4 - i]).toBeCloseTo(strength, 8));
      expect(strengths.reduce((sum, strength) => sum + strength, 0)).toBeCloseTo(0, 9);
    }),
  );
});

test("reversing every preference turns the signs", () => {
  fc.assert(
    fc.property(comparisons, (list) => {
      const strengths = bradleyTerry(5, list, { prior: 1 });
      const reversed = bradleyTerry(
        5,
        list.map(([a, b]) => [b, a] as const),
        { prior: 1 },
      );
      strengths.forEach((strength, i) => expect(reversed[i]).toBeCloseTo(-strength, 8));
    }),
  );
});

test("strengths are found again from enough preferences", () => {
  const random = new SeededRandom("bradley-terry");
  const truth = [-1, -0.4, 0.2, 1.2];
  const list = Array.from({ length: 20_000 }, (): [number, number] => {
    const a = Math.floor(random.uniform() * 4);
    const b = (a + 1 + Math.floor(random.uniform() * 3)) % 4;
    const isWon = random.uniform() < 1 / (1 + Math.exp((truth[b] as number) - (truth[a] as number)));
    return isWon ? [a, b] : [b, a];
  });
  bradleyTerry(4, list).forEach((strength, i) =>
    expect(Math.abs(strength - (truth[i] as number))).toBeLessThan(0.08),
  );
});

test("an item that never lost has no estimate without a prior", () => {
  expect(() => bradleyTerry(2, [[0, 1]])).toThrow("every item reaches every other");
  expect(bradleyTerry(2, [[0, 1]], { prior: 1 })[0]).toBeGreaterThan(0);
  expect(bradleyTerry(1, [])).toEqual([0]);
});

test("comparisons that have no meaning are refused", () => {
  expect(() => bradleyTerry(2, [[0, 2]])).toThrow("comparisons");
  expect(() => bradleyTerry(2, [[0, 0]])).toThrow("comparisons");
  expect(() => bradleyTerry(2, [[0, 1]], { prior: Number.NaN })).toThrow("prior");
});

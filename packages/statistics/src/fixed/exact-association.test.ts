import { expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { exactAssociation } from "./exact-association.ts";

const table = (firstHave: number, first: number, secondHave: number, second: number) => ({
  firstHave,
  first,
  secondHave,
  second,
});

test("Fisher's lady tasting tea: 3 of 4 right", () => {
  // 1 + 16 of the 70 ways to choose 4 of 8; 69 of 70 for at most 3.
  const { more, less, twoSided } = exactAssociation([table(3, 4, 1, 4)]);
  expect(more).toBeCloseTo(17 / 70, 12);
  expect(less).toBeCloseTo(69 / 70, 12);
  expect(twoSided).toBeCloseTo(34 / 70, 12);
});

test("strata add up: two tables of one each, by hand", () => {
  // Each stratum gives 0 or 1 with probability 1/2, so that 2 of 2 has 1/4.
  const { more, less } = exactAssociation([table(1, 1, 0, 1), table(1, 1, 0, 1)]);
  expect(more).toBeCloseTo(1 / 4, 12);
  expect(less).toBeCloseTo(1, 12);
});

test("a stratum with one group, or that all or none have, says nothing", () => {
  const alone = exactAssociation([table(7, 10, 2, 10)]);
  const silent = [table(3, 5, 0, 0), table(0, 0, 2, 4), table(0, 9, 0, 9), table(9, 9, 5, 5)];
  const together = exactAssociation([table(7, 10, 2, 10), ...silent]);
  expect(together.more).toBeCloseTo(alone.more, 12);
  expect(exactAssociation(silent)).toEqual({ more: 1, less: 1, twoSided: 1 });
  expect(exactAssociation([])).toEqual({ more: 1, less: 1, twoSided: 1 });
});

test("a difference between strata alone is not taken for one between groups", () => {
  // Within each stratum both groups have it equally often; pooled, the first has it far more often.
  const strata = [table(90, 100, 9, 10), table(1, 10, 10, 100)];
  const pooled = exactAssociation([table(91, 110, 19, 110)]);
  expect(pooled.twoSided).toBeLessThan(1e-10);
  expect(exactAssociation(strata).twoSided).toBeGreaterThan(0.5);
});

test("keeps the digits of a far tail", () => {
  // 1 / C(200, 100).
  const { more } = exactAssociation([table(100, 100, 0, 100)]);
  expect(Math.log(more)).toBeCloseTo(-Math.log(9.05485146561033e58), 8);
});

test("refuses what is no table, by name", () => {
  expect(() => exactAssociation([table(5, 4, 0, 1)])).toThrow("strata[0].firstHave");
  expect(() => exactAssociation([table(1, 4, 2, 1)])).toThrow("strata[0].secondHave");
  expect(() => exactAssociation([table(1, 4, 1, 4), table(1, 1.5, 0, 1)])).toThrow("strata[1].first");
});

test("without a difference it rejects no more often than its level", () => {
  const random = new SeededRandom("exact association");
  const draw = (n: number, p: number): number => {
    let have = 0;
    for (let i = 0; i < n; i++) if (random.uniform() < p) have += 1;
    return have;
  };
  let rejected = 0;
  for (let run = 0; run < 2_000; run++) {
    const strata = [0.2, 0.6].map((p) => table(draw(20, p), 20, draw(30, p), 30));
    if (exactAssociation(strata).twoSided <= 0.05) rejected += 1;
  }
  // At most .05 in expectation; four standard errors above.
  expect(rejected / 2_000).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / 2_000));
});

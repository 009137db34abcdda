import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fleissKappa } from "./fleiss.ts";
import { gwetAC1 } from "./gwet.ts";
import { intraclassCorrelations } from "./intraclass.ts";

/** Fleiss' kappa, the worked example: ten items, fourteen raters, five categories. */
const fourteenRaters = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
];

/** Items by category, each rated by `raters`. */
const tables = fc
  .integer({ min: 2, max: 6 })
  .chain((raters) =>
    fc
      .array(fc.array(fc.nat(2), { minLength: raters, maxLength: raters }), { minLength: 2, maxLength: 15 })
      .map((items) =>
        items.map((ratings) =>
          [0, 1, 2].map((category) => ratings.filter((rating) => rating === category).length),
        ),
      ),
  );

describe("Fleiss' kappa", () => {
  test("reference value", () => {
    expect(fleissKappa(fourteenRaters)).toBeCloseTo(0.209931, 6);
  });

  test("perfect agreement is 1; nothing to compare is undefined", () => {
    expect(fleissKappa([[3, 0], [0, 3]])).toBe(1); // prettier-ignore
    expect(fleissKappa([[3, 0], [3, 0]])).toBeUndefined(); // prettier-ignore
    expect(fleissKappa([])).toBeUndefined();
  });

  test("items with different numbers of raters are refused", () => {
    expect(() => fleissKappa([[3, 0], [1, 1]])).toThrow("items[1]"); // prettier-ignore
    expect(() => fleissKappa([[1, 0]])).toThrow("items[0]");
  });
});

describe("Gwet's AC1", () => {
  test("two raters whose kappa suffers from prevalence, by hand", () => {
    const items = [...repeat([2, 0], 80), ...repeat([1, 1], 15), ...repeat([0, 2], 5)];
    expect(gwetAC1(items)).toBeCloseTo((0.85 - 0.21875) / (1 - 0.21875), 12);
  });

  test("items with one rating count for the prevalence only", () => {
    expect(gwetAC1([[2, 0], [0, 2]])).toBe(1); // prettier-ignore
    expect(gwetAC1([[2, 0], [0, 2], [1, 0], [0, 0]])).toBe(1); // prettier-ignore
    expect(gwetAC1([[1, 0]])).toBeUndefined();
    expect(gwetAC1([[2]])).toBeUndefined();
  });
});

function repeat(counts: number[], times: number): number[][] {
  return Array.from({ length: times }, () => counts);
}

test("the order of items and categories changes neither coefficient, and neither is above 1", () => {
  fc.assert(
    fc.property(tables, (items) => {
      const turned = items.toReversed().map((counts) => counts.toReversed());
      for (const coefficient of [fleissKappa, gwetAC1]) {
        const value = coefficient(items) ?? 1;
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(coefficient(turned) ?? 1).toBeCloseTo(value, 10);
      }
    }),
  );
});

/** Shrout and Fleiss 1979: six items, four raters. */
const sixByFour = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

describe("intraclass correlations", () => {
  test("reference values", () => {
    const result = intraclassCorrelations(sixByFour);
    expect(result?.oneWay.single).toBeCloseTo(0.1657, 4);
    expect(result?.twoWayRandom.single).toBeCloseTo(0.2898, 4);
    expect(result?.twoWayMixed.single).toBeCloseTo(0.7148, 4);
    expect(result?.oneWay.average).toBeCloseTo(0.4428, 4);
    expect(result?.twoWayRandom.average).toBeCloseTo(0.6201, 4);
    expect(result?.twoWayMixed.average).toBeCloseTo(0.9093, 4);
  });

  test("consistency does not mind a rater who is always stricter, agreement does", () => {
    const stricter = sixByFour.map((row) => row.with(0, (row[0] as number) - 3));
    const [before, after] = [intraclassCorrelations(sixByFour), intraclassCorrelations(stricter)];
    expect(after?.twoWayMixed.single).toBeCloseTo(before?.twoWayMixed.single as number, 12);
    expect(after?.twoWayRandom.single).not.toBeCloseTo(before?.twoWayRandom.single as number, 3);
  });

  test("unit and origin of the ratings do not matter", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (shift, scale) => {
          const moved = sixByFour.map((row) => row.map((x) => x * scale + shift));
          expect(intraclassCorrelations(moved)?.oneWay.single).toBeCloseTo(0.165742, 5);
        },
      ),
    );
  });

  test("items that do not differ give nothing to correlate; gaps are refused", () => {
    expect(intraclassCorrelations([[1, 2], [2, 1]])).toBeUndefined(); // prettier-ignore
    expect(() => intraclassCorrelations([[1, 2]])).toThrow("ratings");
    expect(() => intraclassCorrelations([[1, 2], [1]])).toThrow("ratings[1]");
    expect(() => intraclassCorrelations([[1, 2], [1, Number.NaN]])).toThrow("ratings[1][1]"); // prettier-ignore
  });
});

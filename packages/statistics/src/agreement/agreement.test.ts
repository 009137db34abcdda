import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cohenKappa, percentAgreement } from "./cohen.ts";
import { confusionTable } from "./confusion-table.ts";
import { krippendorffAlpha } from "./krippendorff.ts";

const hundred = [
  [13, 0, 0],
  [0, 20, 7],
  [0, 4, 56],
];
const nineteen = [
  [0, 4, 1],
  [0, 8, 0],
  [0, 1, 5],
];
const squareTable = fc.integer({ min: 2, max: 5 }).chain((size) =>
  fc.array(fc.array(fc.nat(50), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
);

describe("Cohen's kappa and percent agreement", () => {
  test("reference values", () => {
    expect(cohenKappa(nineteen)).toBeCloseTo(0.484163, 6);
    expect(cohenKappa(nineteen, "linear")).toBeCloseTo(0.47012, 6);
    expect(cohenKappa(hundred)).toBeCloseTo(0.796409, 6);
    expect(cohenKappa(hundred, "linear")).toBeCloseTo(0.842903, 5);
    expect(cohenKappa(hundred, "quadratic")).toBeCloseTo(0.892157, 6);
    expect(percentAgreement(hundred)).toEqual({ agreed: 89, items: 100, share: 0.89 });
  });

  test("percent is inflated by prevalence where kappa is not", () => {
    const prevalent = [
      [80, 10],
      [5, 5],
    ];
    expect(percentAgreement(prevalent)?.share).toBe(0.85);
    expect(cohenKappa(prevalent)).toBeCloseTo(0.318, 3);
  });

  test("swapping the raters, and for two categories the weights, change nothing", () => {
    fc.assert(
      fc.property(
        squareTable,
        fc.constantFrom("none" as const, "linear" as const, "quadratic" as const),
        (table, weights) => {
          const transposed = table.map((_, i) => table.map((row) => row[i] as number));
          const kappa = cohenKappa(table, weights);
          fc.pre(kappa !== undefined);
          expect(cohenKappa(transposed, weights)).toBeCloseTo(kappa as number, 10);
          const two = table.slice(0, 2).map((row) => row.slice(0, 2));
          const plain = cohenKappa(two);
          fc.pre(plain !== undefined);
          expect(cohenKappa(two, weights)).toBeCloseTo(plain as number, 10);
        },
      ),
    );
  });

  test("perfect agreement is 1; nothing to compare is undefined", () => {
    expect(cohenKappa([[5, 0], [0, 7]])).toBe(1); // prettier-ignore
    expect(cohenKappa([[0, 0], [0, 0]])).toBeUndefined(); // prettier-ignore
    expect(cohenKappa([[9, 0], [0, 0]])).toBeUndefined(); // prettier-ignore
    expect(percentAgreement([[0]])).toBeUndefined();
  });

  test("tables come from pairs of ratings", () => {
    const pairs: [string, string][] = [
      ["approve", "approve"],
      ["approve", "reject"],
      ["reject", "reject"],
    ];
    expect(confusionTable(pairs, ["approve", "reject"])).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(() => confusionTable(pairs, ["approve"])).toThrow("pairs");
  });

  test("what is no table is refused by name", () => {
    expect(() => cohenKappa([])).toThrow("table");
    expect(() => cohenKappa([[1, 2], [3]])).toThrow("table[1]");
    expect(() => cohenKappa([[1, -2], [3, 4]])).toThrow("table[0][1]"); // prettier-ignore
  });
});

const X = null;
/** Krippendorff 2011: four observers, twelve units. */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
  [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
];
const units = (observers[0] as (number | null)[]).map((_, i) =>
  observers.map((row) => row[i] as number | null),
);

describe("Krippendorff's alpha", () => {
  test.each([
    ["nominal", 0.743421],
    ["ordinal", 0.815388],
    ["interval", 0.849107],
    ["ratio", 0.797403],
  ] as const)("the 4 x 12 example, %s", (level, expected) => {
    expect(krippendorffAlpha(units, level)).toBeCloseTo(expected, 6);
  });

  const ratings = fc.array(
    fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { minLength: 2, maxLength: 4 }),
    {
      minLength: 2,
      maxLength: 20,
    },
  );

  test("codes do not matter to nominal, increasing maps not to ordinal, affine maps not to interval, scale not to ratio", () => {
    const mapped = (items: (number | null)[][], map: (x: number) => number): (number | null)[][] =>
      items.map((item) => item.map((x) => (x === null ? null : map(x))));
    fc.assert(
      fc.property(ratings, (items) => {
        const same = (
          level: "nominal" | "ordinal" | "interval" | "ratio",
          map: (x: number) => number,
        ): void => {
          const expected = krippendorffAlpha(items, level);
          const actual = krippendorffAlpha(mapped(items, map), level);
          expect(actual ?? 9).toBeCloseTo(expected ?? 9, 9);
        };
        same("nominal", (x) => (x * 3) % 7);
        same("ordinal", (x) => x ** 3);
        same("interval", (x) => 5 - 2 * x);
        same("ratio", (x) => 8 * x);
      }),
    );
  });

  test("the order of items and raters, single ratings and missing ones change nothing", () => {
    fc.assert(
      fc.property(ratings, (items) => {
        const expected = krippendorffAlpha(items, "interval") ?? 9;
        const shuffled = items.toReversed().map((item) => [...item.toReversed(), null]);
        expect(krippendorffAlpha([...shuffled, [3], [null]], "interval") ?? 9).toBeCloseTo(expected, 9);
      }),
    );
  });

  test("equal ratings on every item are 1; without variation or pairs it is undefined", () => {
    expect(krippendorffAlpha([[1, 1], [2, 2]], "nominal")).toBe(1); // prettier-ignore
    expect(krippendorffAlpha([[1, 1], [1, 1]], "nominal")).toBeUndefined(); // prettier-ignore
    expect(krippendorffAlpha([[1, null], [2]], "interval")).toBeUndefined();
    expect(krippendorffAlpha([], "ordinal")).toBeUndefined();
  });

  test("twenty thousand items of continuous sliders take well under a second", () => {
    const sliders = Array.from({ length: 20_000 }, (_, i) => [
      Math.sin(i) ** 2,
      Math.sin(i) ** 2 + 0.1 * Math.cos(i) ** 2,
    ]);
    const before = process.cpuUsage();
    expect(krippendorffAlpha(sliders, "interval")).toBeGreaterThan(0.9);
    // Of the processor, not of the wall: the machine may do much else.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });

  test("ratings that have no meaning are refused", () => {
    expect(() => krippendorffAlpha([[1, Number.NaN]], "nominal")).toThrow("items[0]");
    expect(() => krippendorffAlpha([[1, -1]], "ratio")).toThrow("items");
  });
});

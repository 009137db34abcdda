import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaccard, shinglesOf } from "./shingles.ts";

describe("shinglesOf", () => {
  it("makes n − 4 shingles of n different words", () => {
    expect(shinglesOf("one two three four five six seven").length).toBe(3);
    expect(shinglesOf("one two three four five").length).toBe(1);
  });

  it("makes one shingle of a short text and of a text without words", () => {
    expect(shinglesOf("two words").length).toBe(1);
    expect(shinglesOf("").length).toBe(1);
    expect(shinglesOf("?!").length).toBe(1);
    expect(shinglesOf("two words")).not.toEqual(shinglesOf("words two"));
  });

  it("counts each character of a script without spaces as a word", () => {
    expect(shinglesOf("我的银行卡丢了怎么办").length).toBe(6);
  });

  it("treats composed and decomposed accents alike", () => {
    expect(shinglesOf("caf\u00e9 au lait")).toEqual(shinglesOf("cafe\u0301 au lait"));
  });

  it("is sorted, without repetition, never empty", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
        const shingles = [...shinglesOf(text)];
        expect(shingles.length).toBeGreaterThan(0);
        expect(shingles).toEqual([...new Set(shingles)].sort((a, b) => a - b));
      }),
    );
  });
});

describe("jaccard", () => {
  it("is intersection over union", () => {
    expect(jaccard(Uint32Array.of(1, 2, 3), Uint32Array.of(2, 3, 4))).toBe(0.5);
    expect(jaccard(Uint32Array.of(1), Uint32Array.of(2))).toBe(0);
  });

  it("agrees with sets", () => {
    const set = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(set, set, (a, b) => {
        const sorted = (values: number[]): Uint32Array => Uint32Array.from(values).sort();
        const common = a.filter((value) => b.includes(value)).length;
        expect(jaccard(sorted(a), sorted(b))).toBe(common / new Set([...a, ...b]).size);
      }),
    );
  });
});

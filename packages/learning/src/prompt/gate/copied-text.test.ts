import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copiedText } from "./copied-text.ts";

describe("copiedText", () => {
  const training = ["I ordered a new card two weeks ago and it has not come"];

  test("finds eight words in a row, whatever their case and punctuation", () => {
    const text = 'Route "Ordered a new card, two weeks ago AND" to arrivals.';
    expect(copiedText({ text, previousText: "", trainingTexts: training })).toEqual([
      "ordered a new card two weeks ago and",
    ]);
  });

  test("seven words are no copy, and neither is what the seed said already", () => {
    const seven = "ordered a new card two weeks ago";
    expect(copiedText({ text: seven, previousText: "", trainingTexts: training })).toEqual([]);
    const eight = `${seven} and`;
    expect(copiedText({ text: eight, previousText: eight, trainingTexts: training })).toEqual([]);
  });

  test("a text of other words never matches", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("alpha", "beta", "gamma")), (all) => {
        expect(copiedText({ text: all.join(" "), previousText: "", trainingTexts: training })).toEqual([]);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText, DEFAULT_CHUNKING } from "./cut-text.ts";

const texts = (text: string, size: number, overlap = 0): string[] =>
  cutText(text, { size, overlap }).map(({ start, end }) => text.slice(start, end));

describe("cutText", () => {
  test("cuts at sentences and lines, as many as there is room for", () => {
    const text = 'One two three. "Four five!" Six seven?\n\nEight nine ten eleven\nTwelve.';
    expect(texts(text, 5)).toEqual([
      'One two three. "Four five!"',
      "Six seven?",
      "Eight nine ten eleven\nTwelve.",
    ]);
    expect(texts(text, 100)).toEqual([text]);
  });

  test("repeats whole sentences of the chunk before, where there is room for what comes next", () => {
    const text = "A b. C d. E f. G h.";
    expect(texts(text, 5, 2)).toEqual(["A b. C d.", "C d. E f.", "E f. G h."]);
    expect(texts(text, 5, 1)).toEqual(["A b. C d.", "E f. G h."]);
  });

  test("cuts a sentence that is too long by words, and leaves abbreviations and numbers alone", () => {
    expect(texts("a b c d e f g", 3)).toEqual(["a b c", "d e f", "g"]);
    expect(texts("It is 3.5 percent. Yes.", 4)).toEqual(["It is 3.5 percent.", "Yes."]);
    expect(texts("第一句。第二句。", 1)).toEqual(["第一句。第二句。"]);
    expect(texts(" \n\t\n ", 5)).toEqual([]);
    expect(texts("", 5)).toEqual([]);
  });

  test("every word is in a chunk, in order, and no chunk is too long", () => {
    const word = fc.stringMatching(/^[a-z]{1,4}[.!?]?$/);
    const property = fc.property(
      fc.array(fc.tuple(word, fc.constantFrom(" ", "\n", "  ")), { maxLength: 80 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 5 }),
      (parts, size, wanted) => {
        const text = parts.flat().join("");
        const overlap = Math.min(wanted, Math.ceil(size / 2) - 1);
        const spans = cutText(text, { size, overlap });
        let reached = 0;
        for (const { start, end } of spans) {
          expect(text.slice(start, end).split(/\s+/).length).toBeLessThanOrEqual(size);
          // Nothing but white space between what was reached and what begins.
          expect(text.slice(reached, Math.max(reached, start)).trim()).toBe("");
          expect(end).toBeGreaterThan(reached);
          reached = end;
        }
        expect(text.slice(reached).trim()).toBe("");
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test("refuses settings that make no sense", () => {
    for (const settings of [
      { size: 0, overlap: 0 },
      { size: 10, overlap: 5 },
      { size: 1.5, overlap: 0 },
      { size: 5, overlap: -1 },
    ])
      expect(() => cutText("a", settings)).toThrow(RangeError);
    expect(() => cutText("a", DEFAULT_CHUNKING)).not.toThrow();
  });
});

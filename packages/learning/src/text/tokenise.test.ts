import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseText, terms, words } from "./tokenise.ts";

describe("words", () => {
  test.each([
    ["My card's PIN doesn't work!", ["my", "card", "pin", "doesnt", "work"]],
    ["Überweisung über 1.000 €", ["überweisung", "über", "1", "000"]],
    ["ＡＢＣ ﬁne", ["abc", "fine"]],
    ["карта не работает", ["карта", "не", "работает"]],
    ["… — !!", []],
    ["", []],
  ])("%j", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });
});

describe("terms", () => {
  test("are the words and the 4-grams inside each word", () => {
    expect(terms("Pay tax")).toEqual(["pay", "# pay", "#pay ", "tax", "# tax", "#tax "]);
  });

  test("inflected and misspelt words share terms", () => {
    const shared = (one: string, other: string): number => {
      const known = new Set(terms(one));
      return terms(other).filter((term) => known.has(term)).length;
    };
    expect(shared("declined", "declining")).toBeGreaterThan(3);
    expect(shared("delivery", "delivrey")).toBeGreaterThan(2);
    expect(shared("delivery", "refund")).toBe(0);
  });

  test("never splits a character outside the basic plane", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const term of terms(text)) expect(term.isWellFormed()).toBe(true);
      }),
    );
  });
});

test("normaliseText is idempotent", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
    }),
  );
  expect(normaliseText("  Where IS\n my\tCARD ")).toBe("where is my card");
});

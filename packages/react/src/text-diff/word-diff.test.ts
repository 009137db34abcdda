import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffPart, diffWords } from "./word-diff.ts";

const side = (parts: readonly DiffPart[], without: DiffPart["kind"]): string =>
  parts
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("");

describe("diffWords", () => {
  it.each<[string, string, DiffPart[]]>([
    ["", "", []],
    ["a b", "a b", [{ kind: "same", text: "a b" }]],
    [
      "The deadline is 15 March.",
      "The deadline is 31 March.",
      [
        { kind: "same", text: "The deadline is " },
        { kind: "removed", text: "15" },
        { kind: "added", text: "31" },
        { kind: "same", text: " March." },
      ],
    ],
    ["", "new", [{ kind: "added", text: "new" }]],
    ["old", "", [{ kind: "removed", text: "old" }]],
    [
      "größer als",
      "kleiner als",
      [
        { kind: "removed", text: "größer" },
        { kind: "added", text: "kleiner" },
        { kind: "same", text: " als" },
      ],
    ],
  ])("%j to %j", (before, after, parts) => {
    expect(diffWords(before, after)).toEqual(parts);
  });

  const text = fc
    .array(fc.constantFrom("a", "b", "c", " ", "\n", "ß", "👍", "."), { maxLength: 30 })
    .map((all) => all.join(""));

  it("loses and invents nothing", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffWords(before, after);
        expect(side(parts, "added")).toBe(before);
        expect(side(parts, "removed")).toBe(after);
      }),
    );
  });

  it("is as short as the longest common subsequence allows", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
    const common = (a: readonly string[], b: readonly string[]): number => {
      const [first, ...rest] = a;
      if (first === undefined || b.length === 0) return 0;
      const at = b.indexOf(first);
      return Math.max(common(rest, b), at < 0 ? 0 : 1 + common(rest, b.slice(at + 1)));
    };
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const kept = side(
          diffWords(a.join("."), b.join(".")).filter(({ kind }) => kind === "same"),
          "added",
        );
        const dotted = (list: readonly string[]): string[] => list.join(".").split("");
        expect(kept.length).toBe(common(dotted(a), dotted(b)));
      }),
      { numRuns: 60 },
    );
  });

  it("replaces the whole middle of texts that have nothing in common, in time", () => {
    const long = (word: string): string =>
      Array.from({ length: 20_000 }, (_none, index) => `${word}${index}`).join(" ");
    const started = performance.now();
    expect(diffWords(`same ${long("a")}`, `same ${long("b")}`).map(({ kind }) => kind)).toEqual([
      "same",
      "removed",
      "added",
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

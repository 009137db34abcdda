import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distinctRows, inputKey, type Row } from "./rows.ts";

const row = (id: string, input: string, expected: string): Row => ({ id, input, expected });

describe("distinctRows", () => {
  test("keeps one row for inputs that differ in case and white space only", () => {
    const { rows, contradictions } = distinctRows([
      row("1", "Hello  there", "a"),
      row("2", "hello there", "a"),
    ]);
    expect(rows.map((kept) => kept.id)).toEqual(["2"]);
    expect(contradictions).toEqual([]);
  });

  test("the most frequent output wins a contradiction, and it is reported", () => {
    const { rows, contradictions } = distinctRows([
      row("1", "Where is it", "a"),
      row("2", "where is it", "b"),
      row("3", "where is it", "a"),
    ]);
    expect(rows).toEqual([row("3", "where is it", "a")]);
    expect(contradictions).toEqual([{ input: "where is it", outputs: ["a", "b"], kept: "a" }]);
  });

  test("at equal counts the last word wins", () => {
    const { rows } = distinctRows([row("1", "x", "a"), row("2", "x", "b")]);
    expect(rows[0]?.expected).toBe("b");
  });

  test("inputs are unique afterwards, none is lost, and doing it again changes nothing", () => {
    const rows = fc.array(
      fc.record({
        id: fc.uuid(),
        input: fc.constantFrom("a", "A", "b ", "b", "c"),
        expected: fc.constantFrom("x", "y"),
      }),
    );
    fc.assert(
      fc.property(rows, (given) => {
        const { rows: kept } = distinctRows(given);
        const keys = kept.map((entry) => inputKey(entry.input));
        expect(new Set(keys).size).toBe(keys.length);
        expect(new Set(keys)).toEqual(new Set(given.map((entry) => inputKey(entry.input))));
        expect(distinctRows(kept)).toEqual({ rows: kept, contradictions: [] });
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { judgeRows } from "./judge-rows.ts";

const rows = { train: 100, validation: 10, test: 10, tooLong: 0, tokens: 1_000, preview: [] };
const limits = { maxLength: 512, trainsWeights: true };

describe("judgeRows", () => {
  it("finds nothing wrong with enough rows", () => {
    expect(judgeRows(rows, limits)).toEqual({ problems: [], warnings: [] });
  });

  it.each([
    ["no training rows", { train: 0 }, "no row of this method's kind"],
    ["too few training rows", { train: 9 }, "9 training rows; 10"],
    ["no test rows", { test: 0 }, "test split has 0 rows"],
    ["too many long rows", { tooLong: 20 }, "20 of 130 rows are longer than 512 tokens"],
  ])("refuses %s", (_, change, sentence) => {
    const { problems } = judgeRows({ ...rows, ...change }, limits);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
  });

  it("warns of a few long rows and of an empty validation split", () => {
    const { problems, warnings } = judgeRows({ ...rows, validation: 0, tooLong: 2 }, limits);
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  it("asks for one example and no length where no weights are trained", () => {
    const shown = { ...rows, train: 1, validation: 0, tooLong: 50 };
    expect(judgeRows(shown, { maxLength: 16, trainsWeights: false })).toEqual({ problems: [], warnings: [] });
  });
});

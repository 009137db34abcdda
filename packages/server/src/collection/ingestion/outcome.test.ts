import { describe, expect, it } from "vitest";
import { unprocessable } from "../../http/problem-error.ts";
import { requireAll } from "./outcome.ts";

describe("requireAll", () => {
  it("gives the values when all are there", () => {
    expect(requireAll([{ value: 1 }, { value: 2 }])).toEqual([1, 2]);
  });

  it("throws one problem that names the fields of every refused item", () => {
    const outcomes = [
      { value: 1 },
      { error: unprocessable("body.1.a", "is wrong") },
      { error: unprocessable("body.2.b", "is wrong too") },
    ];
    expect(() => requireAll(outcomes)).toThrow(
      expect.objectContaining({
        type: "unprocessable",
        errors: [
          { path: "body.1.a", message: "is wrong" },
          { path: "body.2.b", message: "is wrong too" },
        ],
      }),
    );
  });

  it("lets our own failures through before refusals", () => {
    const broken = new Error("broken");
    expect(() => requireAll([{ error: unprocessable("body", "no") }, { error: broken }])).toThrow(broken);
  });
});

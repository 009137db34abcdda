import { describe, expect, it } from "vitest";
import { bareNumbers, missingNumber } from "./missing-numbers.ts";

describe("missingNumber", () => {
  it.each(["NaN", "nan", "Infinity", "-Infinity", "+inf", null, Infinity, Number.NaN])(
    "says so of %s",
    (value) => {
      expect(missingNumber(value)).toMatch(/^is .*send a finite number/);
    },
  );

  it.each(["3", "", "banana", "information", 3, true, [], {}])("leaves %s to others", (value) => {
    expect(missingNumber(value)).toBeUndefined();
  });
});

describe("bareNumbers", () => {
  it("names the fields", () => {
    expect(bareNumbers('{"a": [1, NaN], "b": {"c": -Infinity}}')).toEqual([
      { path: "body.a.1", message: expect.stringMatching(/^is NaN/) as unknown },
      { path: "body.b.c", message: expect.stringMatching(/^is -Infinity/) as unknown },
    ]);
  });

  it.each(['{"a": "NaN, \\"Infinity\\""', '{"a": ', '{"NaN": 1,}', "[NaN", "{a: NaN}"])(
    "says nothing of %s, whose fault is another",
    (raw) => {
      expect(bareNumbers(raw)).toBeUndefined();
    },
  );
});

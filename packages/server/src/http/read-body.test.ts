import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProblemError } from "./problem-error.ts";
import { assertStorable, parseJsonBody } from "./read-body.ts";

function refusal(raw: string): ProblemError {
  try {
    parseJsonBody(raw);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`taken: ${raw.slice(0, 80)}`);
}

describe("parseJsonBody", () => {
  it("reads nothing as no body", () => {
    expect(parseJsonBody("")).toBeUndefined();
  });

  it("gives back what JSON says", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        // The generator makes such keys on purpose; they are refused below.
        fc.pre(!/__proto__|constructor|prototype/.test(text));
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ["malformed", '{"a": '],
    ["two values", "1 2"],
    ["a raw NUL", '{"a": "\u0000"}'],
    ["NaN, and a comma too many", '{"a": NaN,}'],
  ])("refuses what is not JSON: %s", (_name, raw) => {
    expect(refusal(raw)).toMatchObject({ status: 400, errors: [{ path: "body", message: "is not JSON" }] });
  });

  it.each([
    ["objects", '{"a":', "1", "}"],
    ["arrays", "[", "", "]"],
  ])("takes 64 levels of %s and no more", (_name, open, inside, close) => {
    const nested = (levels: number): string => open.repeat(levels) + inside + close.repeat(levels);
    expect(() => parseJsonBody(nested(64))).not.toThrow();
    expect(refusal(nested(65)).errors?.[0]?.path).toBe("body");
    expect(refusal(nested(100_000)).status).toBe(400);
  });

  it("counts no brackets inside strings, escaped quotes included", () => {
    const text = JSON.stringify({ a: `${"[{".repeat(200)}"\\"${"[".repeat(100)}` });
    expect(parseJsonBody(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ["NUL in a value", '{"a": {"b": ["x", "\\u0000"]}}', "body.a.b.1"],
    ["NUL in a name", '{"a": {"b\\u0000": 1}}', "body.a"],
    ["a lone high surrogate", '{"a": "\\ud83d"}', "body.a"],
    ["a lone low surrogate", '{"a": "\\uDE00 b"}', "body.a"],
    ["surrogates the wrong way round", '{"a": "\\ude00\\ud83d"}', "body.a"],
    ["__proto__", '{"a": {"__proto__": {"admin": true}}}', "body.a.__proto__"],
    ["constructor", '{"constructor": {"name": "x"}}', "body.constructor"],
    ["an escaped __proto__", '{"\\u005f\\u005fproto__": 1}', "body.__proto__"],
    ["an escaped constructor", '{"\\u0063onstructor": 1}', "body.constructor"],
    ["an escaped prototype", '{"prototyp\\u0065": 1}', "body.prototype"],
  ])("names the field that holds %s", (_name, raw, path) => {
    expect(refusal(raw)).toMatchObject({ status: 400, errors: [{ path }] });
  });

  it.each([
    ["an infinite number", '{"a": [1e400]}', "body.a.0"],
    ["a negative infinite number", '{"a": -1E+309}', "body.a"],
    ["an endless number", `{"a": ${"9".repeat(400)}}`, "body.a"],
    ["a long number with an exponent", `{"a": ${"9".repeat(250)}e99}`, "body.a"],
    ["NaN", '{"a": NaN}', "body.a"],
    ["-Infinity", '{"a": {"b": [0, -Infinity]}}', "body.a.b.1"],
  ])("says of %s that it is no number", (_name, raw, path) => {
    expect(refusal(raw)).toMatchObject({ status: 422, errors: [{ path }] });
  });

  it("takes pairs of surrogates, the words in values, and large finite numbers", () => {
    const raw = '{"a": "\\ud83d\\ude00 constructor __proto__", "b": 1e308, "c": 1e-999}';
    expect(parseJsonBody(raw)).toEqual({ a: "😀 constructor __proto__", b: 1e308, c: 0 });
  });

  it("lists ten errors at most, however many there are", () => {
    expect(refusal(JSON.stringify(Array(1000).fill("\u0000"))).errors).toHaveLength(10);
  });
});

describe("assertStorable", () => {
  it("names the part of the request", () => {
    expect(() => assertStorable({ agentId: "a\u0000" }, "path")).toThrow(/path\.agentId contains a NUL/);
    expect(() => assertStorable({ agentId: "my-agent" }, "path")).not.toThrow();
  });
});

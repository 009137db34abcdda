import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, contentHash, NotJson } from "./json.ts";

describe("canonicalJson", () => {
  test("gives the example of RFC 8785, section 3.2.2 and 3.2.3", () => {
    const input = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonicalJson(input)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test("sorts members by UTF-16 code units as the RFC's example does", () => {
    const members = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const order = [...canonicalJson(members).matchAll(/:"([^"]+)"/gu)].map((match) => match[1]);
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  test("minus zero is zero, undefined members are left out", () => {
    expect(canonicalJson({ b: -0, a: undefined })).toBe('{"b":0}');
  });

  test.each([
    ["a number that is not finite", { a: [1, Number.NaN] }, "a[1]"],
    ["infinity", Number.POSITIVE_INFINITY, ""],
    ["a lone surrogate", { text: "\ud800" }, "text"],
    ["a lone surrogate in a name", { "\udc00": 1 }, "\udc00"],
    ["a function", { f: () => 1 }, "f"],
    ["a bigint", [1n], "[0]"],
    ["undefined in a list", [undefined], "[0]"],
  ])("refuses %s and says where", (_name, value, path) => {
    expect(() => canonicalJson(value)).toThrow(NotJson);
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ path }));
  });

  test("refuses cycles and depth", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(() => canonicalJson(cycle)).toThrow("nested too deeply");
  });

  test("parses back to the same value, whatever the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const wellFormed = JSON.parse(JSON.stringify(value)) as unknown;
        fc.pre(JSON.stringify(wellFormed).isWellFormed() && !/\\ud[89a-f]/u.test(JSON.stringify(value)));
        const text = canonicalJson(wellFormed);
        expect(JSON.parse(text)).toEqual(wellFormed);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(wellFormed))).toBe(text);
      }),
    );
  });
});

describe("contentHash", () => {
  test("is SHA-256 of the canonical bytes", () => {
    // printf '{}' | sha256sum
    expect(contentHash({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });

  test("differs when any leaf differs", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.integer()),
        fc.integer(),
        (object, other) => {
          const [key] = Object.keys(object);
          fc.pre(key !== undefined && object[key] !== other);
          expect(contentHash({ ...object, [key as string]: other })).not.toBe(contentHash(object));
        },
      ),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

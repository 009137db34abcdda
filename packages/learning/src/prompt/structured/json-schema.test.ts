import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../json.ts";
import { type JsonSchema, schemaFault, schemaViolations } from "./json-schema.ts";

const order: JsonSchema = {
  type: "object",
  required: ["amount", "tags"],
  additionalProperties: false,
  properties: {
    amount: { type: "number", minimum: 0, multipleOf: 0.01 },
    currency: { enum: ["EUR", "CHF"] },
    tags: { type: "array", items: { type: "string", maxLength: 3 }, maxItems: 2, uniqueItems: true },
    note: { anyOf: [{ type: "null" }, { type: "string", minLength: 1 }] },
  },
};
const broken = (value: JsonValue): string[] =>
  schemaViolations(order, value).map(({ path, problem }) => `${path}: ${problem}`);

describe("schemaViolations", () => {
  test("nothing of a value that fits", () => {
    expect(broken({ amount: 0.3, currency: "CHF", tags: ["a", "b"], note: null })).toEqual([]);
  });

  test.each<[JsonValue, string]>([
    [[], ": is not of type object"],
    [{ tags: [] }, ': lacks the field "amount"'],
    [{ amount: -1, tags: [] }, "amount: is below 0"],
    [{ amount: 0.005, tags: [] }, "amount: is no multiple of 0.01"],
    [{ amount: "1", tags: [] }, "amount: is not of type number"],
    [{ amount: 1, tags: ["abcd"] }, "tags.0: has 4 characters, more than 3"],
    [{ amount: 1, tags: ["a", "a"] }, "tags: repeats an item"],
    [{ amount: 1, tags: ["a", "b", "c"] }, "tags: has 3 items, more than 2"],
    [{ amount: 1, tags: [], currency: "USD" }, 'currency: is none of ["EUR","CHF"]'],
    [{ amount: 1, tags: [], note: "" }, "note: fits none of anyOf"],
    [{ amount: 1, tags: [], more: 1 }, ': has the field "more", which is not allowed'],
  ])("%j", (value, problem) => {
    expect(broken(value)).toContain(problem);
  });

  test("oneOf, not, const and boolean schemas", () => {
    const one: JsonSchema = { oneOf: [{ type: "integer" }, { minimum: 5 }] };
    expect(schemaViolations(one, 3)).toEqual([]);
    expect(schemaViolations(one, 6)[0]?.problem).toBe("fits 2 of oneOf instead of one");
    expect(schemaViolations({ not: { const: 1 } }, 1)[0]?.problem).toContain("forbids");
    expect(schemaViolations(false, 1)[0]?.problem).toBe("is not allowed");
    expect(schemaViolations(true, 1)).toEqual([]);
  });

  test("a field named like a member of every object is a field", () => {
    expect(schemaViolations({ required: ["constructor"] }, {})).toHaveLength(1);
    expect(
      schemaViolations({ properties: { a: {} }, additionalProperties: false }, { toString: 1 }),
    ).toHaveLength(1);
  });
});

describe("schemaFault", () => {
  test("a schema that can be checked has none", () => expect(schemaFault(order)).toBeUndefined());

  test.each<[unknown, string]>([
    [[], ""],
    ["object", ""],
    [{ type: "text" }, "type"],
    [{ $ref: "#/x" }, "$ref"],
    [{ properties: { a: { pattern: "(a+)+$" } } }, "properties.a.pattern"],
    [{ items: { minLength: -1 } }, "items.minLength"],
    [{ anyOf: [] }, "anyOf"],
    [{ anyOf: [{ maximum: "3" }] }, "anyOf.0.maximum"],
    [{ required: [1] }, "required"],
    [{ multipleOf: 0 }, "multipleOf"],
  ])("%j: at %s", (schema, path) => {
    expect(schemaFault(schema)).toMatchObject({ path });
  });

  test("a schema nested without end is refused, not followed", () => {
    let schema: unknown = {};
    for (let depth = 0; depth < 1_000; depth += 1) schema = { not: schema };
    expect(schemaFault(schema)?.problem).toContain("nested deeper");
  });
});

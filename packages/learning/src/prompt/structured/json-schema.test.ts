import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../json.ts";
import { type JsonSchema } from "./json-schema.ts";
import { schemaFault } from "./schema-fault.ts";
import { schemaViolations } from "./schema-violations.ts";

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

  test("patterns, also one that would run for ever", () => {
    const account: JsonSchema = { type: "string", pattern: "^[A-Z]{2}\\d+$" };
    expect(schemaViolations(account, "DE12")).toEqual([]);
    expect(schemaViolations(account, "de12")[0]?.problem).toBe("does not match /^[A-Z]{2}\\d+$/");
    const endless: JsonSchema = { items: { pattern: "^(a+)+$" } };
    expect(schemaFault(endless)).toBeUndefined();
    const hostile = Array.from({ length: 50 }, (_, index) => `${"a".repeat(40)}!${index}`);
    const found = schemaViolations(endless, hostile);
    expect(new Set(found.map(({ problem }) => problem))).toEqual(
      new Set(["takes too long to match against /^(a+)+$/"]),
    );
  });

  test("references to definitions, as libraries write them", () => {
    const invoice: JsonSchema = {
      type: "object",
      required: ["lines"],
      properties: { lines: { type: "array", items: { $ref: "#/$defs/Line~1Item" } } },
      $defs: {
        "Line/Item": {
          type: "object",
          required: ["amount"],
          properties: { amount: { $ref: "#/$defs/Amount" } },
        },
        Amount: { type: "number", minimum: 0 },
      },
    };
    expect(schemaFault(invoice)).toBeUndefined();
    expect(schemaViolations(invoice, { lines: [{ amount: 1 }, { amount: 2 }] })).toEqual([]);
    expect(schemaViolations(invoice, { lines: [{ amount: 1 }, { amount: -2 }, {}] })).toEqual([
      { path: "lines.1.amount", problem: "is below 0" },
      { path: "lines.2", problem: 'lacks the field "amount"' },
    ]);
  });

  test("a schema of trees, which refers to itself", () => {
    const tree: JsonSchema = {
      type: "object",
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#" } } },
      required: ["name"],
    };
    expect(schemaViolations(tree, { name: "a", children: [{ name: "b", children: [] }] })).toEqual([]);
    expect(schemaViolations(tree, { name: "a", children: [{ name: "b", children: [{}] }] })).toEqual([
      { path: "children.0.children.0", problem: 'lacks the field "name"' },
    ]);
    let deep: JsonValue = { name: "leaf" };
    for (let depth = 0; depth < 5_000; depth += 1) deep = { name: "a", children: [deep] };
    expect(schemaViolations(tree, deep)[0]?.problem).toContain("nested deeper");
  });

  test("definitions that lead to each other end", () => {
    expect(schemaViolations({ allOf: [{ $ref: "#" }], type: "string" }, "a")).toEqual([]);
    const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
    const all = names.map((name) => ({ $ref: `#/$defs/${name}` }));
    const knot: JsonSchema = {
      $defs: Object.fromEntries(names.map((name) => [name, { allOf: all, type: "string" }])),
      anyOf: all,
    };
    expect(schemaFault(knot)).toBeUndefined();
    expect(schemaViolations(knot, 1).length).toBeGreaterThan(0);
    expect(schemaViolations(knot, "a").map(({ problem }) => problem)).toContain("fits none of anyOf");
  });

  test("items by place, an item that must be there, names of fields", () => {
    const pair: JsonSchema = { prefixItems: [{ type: "string" }, { type: "number" }], items: false };
    expect(schemaViolations(pair, ["a", 1])).toEqual([]);
    expect(schemaViolations(pair, ["a", "b", 1])).toEqual([
      { path: "1", problem: "is not of type number" },
      { path: "2", problem: "is not allowed" },
    ]);
    expect(schemaViolations({ contains: { const: 1 } }, [2])[0]?.problem).toBe(
      "has no item that fits contains",
    );
    expect(schemaViolations({ propertyNames: { pattern: "^[a-z]+$" } }, { ok: 1, Bad: 2 })).toEqual([
      { path: "", problem: 'has the field "Bad", whose name is not allowed' },
    ]);
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
    [{ $ref: "https://example.org/schema" }, "$ref"],
    [{ $defs: { a: true }, items: { $ref: "#/$defs/b" } }, "items.$ref"],
    [{ $defs: { a: { type: "text" } } }, "$defs.a.type"],
    [{ $defs: [] }, "$defs"],
    [{ properties: { a: { $defs: {} } } }, "properties.a.$defs"],
    [{ properties: { a: { pattern: "(a+" } } }, "properties.a.pattern"],
    [{ pattern: "a".repeat(501) }, "pattern"],
    [{ if: {} }, "if"],
    [{ prefixItems: [] }, "prefixItems"],
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

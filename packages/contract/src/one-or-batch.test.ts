import { describe, expect, it } from "vitest";
import { z } from "zod";
import { oneOrBatch } from "./one-or-batch.ts";

const schema = oneOrBatch(z.object({ name: z.string(), rank: z.number().int().min(1) }), "things");

function paths(value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

describe("oneOrBatch", () => {
  it("takes one item", () => {
    expect(schema.parse({ name: "a", rank: 1 })).toEqual({ items: [{ name: "a", rank: 1 }], batch: false });
  });

  it("takes a batch", () => {
    const items = [
      { name: "a", rank: 1 },
      { name: "b", rank: 2 },
    ];
    expect(schema.parse({ things: items })).toEqual({ items, batch: true });
  });

  it("names the field of a bad item, alone or in a batch", () => {
    expect(paths({ name: "a", rank: 0 })).toEqual(["rank"]);
    expect(paths({ things: [{ name: "a", rank: 1 }, { rank: 0 }] })).toEqual([
      "things.1.name",
      "things.1.rank",
    ]);
  });

  it("refuses an empty batch and one of more than 500", () => {
    expect(paths({ things: [] })).toEqual(["things"]);
    expect(paths({ things: Array.from({ length: 501 }, () => ({ name: "a", rank: 1 })) })).toEqual([
      "things",
    ]);
  });

  it.each([null, undefined, 5, "text", []])("refuses %j", (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it("describes both shapes", () => {
    const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    expect(described.anyOf).toHaveLength(2);
    expect(described.anyOf).toMatchObject([
      { properties: { rank: { minimum: 1 } } },
      { properties: { things: { maxItems: 500 } } },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseInput } from "./parse-input.ts";

const schema = z.object({
  rating: z.number().int().min(1).max(5),
  tags: z.array(z.string()).default([]),
});

describe("parseInput", () => {
  it("gives the parsed value with its defaults", () => {
    expect(parseInput(schema, { rating: 3, unknown: 1 }, "body")).toEqual({ rating: 3, tags: [] });
  });

  it("is undefined for a part that the route has not", () => {
    expect(parseInput(undefined, { anything: 1 }, "query")).toBeUndefined();
  });

  it("reads an absent part as an empty one", () => {
    expect(parseInput(z.object({ limit: z.coerce.number().default(50) }), undefined, "query")).toEqual({
      limit: 50,
    });
  });

  it.each([
    [{ rating: 9 }, "body.rating"],
    [{ rating: "3" }, "body.rating"],
    [{ rating: 3, tags: ["a", 2] }, "body.tags.1"],
    ["text", "body"],
    [null, "body"],
    [[], "body"],
  ])("names the field of %j", (value, path) => {
    expect(() => parseInput(schema, value, "body")).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ path })] }),
    );
  });

  it.each([
    [{ rating: "NaN" }, 422],
    [{ rating: null }, 422],
    [{ rating: "Infinity", tags: 3 }, 400],
  ])("says of %j that a number is missing", (value, status) => {
    const message = expect.stringContaining("send a finite number") as unknown;
    expect(() => parseInput(schema, value, "body")).toThrow(
      expect.objectContaining({
        status,
        errors: expect.arrayContaining([{ path: "body.rating", message }]) as unknown,
      }),
    );
  });

  it("lists twenty errors at most", () => {
    const many = z.array(z.string());
    expect(() => parseInput(many, Array(100).fill(1), "body")).toThrow(
      expect.objectContaining({ errors: expect.objectContaining({ length: 20 }) as unknown }),
    );
  });
});

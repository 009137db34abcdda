import { expect, it } from "vitest";
import { keepValue, MAXIMUM_VALUE } from "./keep-value.ts";

const deep = (levels: number): unknown => (levels === 0 ? 1 : { in: deep(levels - 1) });

it("keeps JSON as it is at that moment", () => {
  const value = { a: [1, "x", null], when: new Date(0) };
  const kept = keepValue(value);
  value.a.push(2);
  expect(kept).toEqual({ a: [1, "x", null], when: "1970-01-01T00:00:00.000Z" });
  expect([keepValue(undefined), keepValue(null), keepValue(() => 1)]).toEqual([undefined, null, undefined]);
});

it("cuts what is long, and keeps as text what is deep", () => {
  const long = "x".repeat(MAXIMUM_VALUE + 5);
  expect(keepValue(long)).toBe(`${"x".repeat(MAXIMUM_VALUE)}…`);
  expect(keepValue([long])).toBe(`["${"x".repeat(MAXIMUM_VALUE - 2)}…`);
  expect(keepValue(deep(32))).toEqual(deep(32));
  expect(keepValue(deep(33))).toBe(JSON.stringify(deep(33)));
});

it("never throws", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const hostile = {
    toJSON: () => {
      throw new Error("mine");
    },
  };
  expect([circle, 1n, hostile].map(keepValue)).toEqual([
    "[object Object]",
    "[object BigInt]",
    "[object Object]",
  ]);
});

import { expect, it } from "vitest";
import { isObject, parseJson, toStorableJson } from "./json.ts";

it("tells objects from what only looks like one", () => {
  expect([{}, { a: 1 }].every(isObject)).toBe(true);
  expect([null, [], "x", 1, undefined].some(isObject)).toBe(false);
});

it("parses JSON and answers undefined for the rest", () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  expect(parseJson("<html>")).toBeUndefined();
  expect(parseJson("")).toBeUndefined();
});

it("replaces NUL and half surrogate pairs at any depth", () => {
  const text = toStorableJson({ a: "x\u0000y", b: [{ c: "\ud83d" }, "\udc00z"] });
  expect(JSON.parse(text)).toEqual({ a: "x\ufffdy", b: [{ c: "\ufffd" }, "\ufffdz"] });
});

it("leaves everything else as it is, also text that reads like an escape", () => {
  const value = { a: "\\u0000", b: "😀", c: null, d: 1.5, e: "\\ud800" };
  expect(JSON.parse(toStorableJson(value))).toEqual(value);
});

it("throws for what JSON cannot hold", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect(() => toStorableJson(circle)).toThrow(TypeError);
  expect(() => toStorableJson({ n: 1n })).toThrow(TypeError);
});

import { describe, expect, it } from "vitest";
import { textBeforeStop, withoutStopTokens, withoutThought } from "./answer-text.ts";
import type { ChatWrapper } from "./llama-module.ts";

describe("withoutStopTokens", () => {
  it.each([
    [[1, 2, 9], [[9]], [1, 2]],
    [
      [1, 8, 9],
      [
        [9, 9],
        [8, 9],
      ],
      [1],
    ],
    [[9], [[9]], []],
  ])("cuts the end of %j at one of %j", (tokens, stops, expected) => {
    expect(withoutStopTokens(tokens, stops)).toEqual(expected);
  });
  it.each([
    [[9, 1], [[9]]],
    [[1], [[1, 1]]],
    [[], [[1]]],
    [[1, 2], []],
  ])("finds no end in %j for %j", (tokens, stops) => {
    expect(withoutStopTokens(tokens, stops)).toBeUndefined();
  });
});

describe("textBeforeStop", () => {
  it("cuts at the first of the stop texts", () => {
    expect(textBeforeStop("a label\nand more###", ["###", "\n"])).toBe("a label");
    expect(textBeforeStop("###", ["###"])).toBe("");
  });
  it("is undefined where none is in the text; an empty one is none", () => {
    expect(textBeforeStop("a label", ["\n", ""])).toBeUndefined();
    expect(textBeforeStop("a label", [])).toBeUndefined();
  });
});

describe("withoutThought", () => {
  const wrapper = (thought?: object): ChatWrapper =>
    ({ settings: { segments: thought ? { thought } : {} } }) as unknown as ChatWrapper;
  const think = { prefix: "<think>\n", suffix: "\n</think>" };

  it.each([
    ["a label", "a label"],
    ["<think>\nIt waits.\n</think>\n\na label", "a label"],
    ["<think>\n\n</think>\n\n", ""],
    ["<think>\nIt waits and", ""],
    ["Close the tag with </think> then.", "Close the tag with </think> then."],
  ])("makes %j into %j", (text, expected) => {
    expect(withoutThought(text, wrapper(think))).toBe(expected);
  });

  it("knows thoughts that the template opens", () => {
    expect(withoutThought("It waits.\n</think>\nyes", wrapper({ ...think, openOnResponseStart: true }))).toBe(
      "yes",
    );
    expect(withoutThought("It waits.", wrapper({ ...think, prefix: { type: "openedOnStart" } }))).toBe("");
  });

  it("leaves the answers of models without thoughts alone", () => {
    expect(withoutThought("<think>", wrapper())).toBe("<think>");
    expect(withoutThought("<think>", wrapper({ prefix: "<think>" }))).toBe("<think>");
    expect(withoutThought("a", { settings: {} } as ChatWrapper)).toBe("a");
  });
});

import { describe, expect, it } from "vitest";
import { readAnswerLine } from "./read-answer-line.ts";

describe("readAnswerLine", () => {
  it.each<[string, string | undefined, object]>([
    ['{"id":"1","output":"refund"}', "1", { output: "refund" }],
    ['{"id":"1","output":""}', "1", { output: "" }],
    ['{"id":"1","output":{"intent":"refund"}}', "1", { output: '{"intent":"refund"}' }],
    ['{"id":"1","output":3}', "1", { output: "3" }],
    ['{"output":"refund"}', undefined, { output: "refund" }],
    ['{"id":"1","error":"timed out"}', "1", { error: "timed out" }],
    ['{"id":"1","error":{"code":3}}', "1", { error: '{"code":3}' }],
    ['{"id":"1","error":""}', "1", { error: "the agent gave an empty error" }],
    ['{"id":"1"}', "1", { error: "the answer has no output" }],
    ['{"id":"1","output":null}', "1", { error: "the answer has no output" }],
    ['{"id":7,"output":"x"}', undefined, { output: "x" }],
    ["[1]", undefined, { error: expect.stringContaining("no JSON object") }],
    ["null", undefined, { error: expect.stringContaining("no JSON object") }],
    ['{"id":"1","output":NaN}', undefined, { error: expect.stringContaining("not JSON") }],
    [
      "starting up …",
      undefined,
      { error: expect.stringContaining("logs belong on standard error): starting up") },
    ],
    ['{"id":"1","output":"a\\u0000b"}', "1", { error: expect.stringContaining("NUL") }],
    ['{"id":"1","output":"\\ud800"}', "1", { error: expect.stringContaining("surrogate") }],
    [
      JSON.stringify({ id: "1", output: "x".repeat(200_001) }),
      "1",
      { error: expect.stringContaining("longer than 200000") },
    ],
  ])("%s", (line, id, answer) => {
    expect(readAnswerLine(line)).toEqual({ id, answer });
  });
});

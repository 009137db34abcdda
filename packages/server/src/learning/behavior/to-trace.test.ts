import { expect, test } from "vitest";
import { agentTrace, toolCallsOf } from "./to-trace.ts";

test("takes the tool calls and nothing else", () => {
  expect(
    toolCallsOf([
      { tool: " search ", failed: true, duration_ms: 12.5, action: "looks it up" },
      { action: "thinks" },
      { tool: "open", failed: "no", duration_ms: -1 },
      null,
      { tool: "" },
      { tool: 7 },
    ]),
  ).toEqual([
    { tool: "search", failed: true, milliseconds: 12.5 },
    { tool: "open", failed: undefined, milliseconds: undefined },
  ]);
  for (const nothing of [null, undefined, "search", { tool: "search" }, []])
    expect(toolCallsOf(nothing)).toEqual([]);
  expect(toolCallsOf(Array.from({ length: 500 }, () => ({ tool: "a" })))).toHaveLength(40);
});

test.each([
  [null, undefined],
  [1, true],
  [0.75, true],
  [0.5, undefined],
  [0.25, false],
  [0, false],
])("mean satisfaction %j is %j", (satisfaction, good) => {
  expect(agentTrace({ id: "e", contributor: "u", calls: [], satisfaction }, 4).good).toBe(good);
});

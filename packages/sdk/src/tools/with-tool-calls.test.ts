import { recordExecution } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { executionToWire } from "../telemetry/to-wire.ts";
import type { ToolCall } from "../telemetry/evidence.ts";
import { withToolCalls } from "./with-tool-calls.ts";

const wireCalls = (toolCalls: readonly ToolCall[]): Record<string, unknown>[] => {
  const wire = executionToWire(withToolCalls({ inputText: "x", toolCalls }), "a", "e", "production");
  const { metadata } = recordExecution.parse(JSON.parse(JSON.stringify(wire)));
  return metadata?.["tool_calls"] as unknown as Record<string, unknown>[];
};

it("leaves a record without tool calls alone", () => {
  const record = { inputText: "x", metadata: { tool_calls: [] } };
  expect(withToolCalls(record)).toBe(record);
});

it("says a call in the words that behaviour learning reads", () => {
  const calls = wireCalls([
    { tool: "a", arguments: { q: 1 }, result: "r", durationMs: 2 },
    { tool: "b", error: "e".repeat(2_000) },
    { tool: "c", failed: false, durationMs: Number.NaN },
    { tool: "x".repeat(150) },
  ]);
  expect(calls).toEqual([
    { tool: "a", arguments: { q: 1 }, result: "r", duration_ms: 2 },
    { tool: "b", failed: true, error: "e".repeat(1_000) },
    { tool: "c", failed: false },
    { tool: "x".repeat(100) },
  ]);
});

it("keeps names and order of calls whose values are too much together, of 200 calls at most", () => {
  const calls = wireCalls(
    Array.from({ length: 300 }, (_, i) => ({ tool: `t${i}`, result: "x".repeat(900) })),
  );
  expect(calls).toHaveLength(200);
  expect(calls[199]).toEqual({ tool: "t199" });
  expect(calls.filter(({ result }) => result !== undefined).length).toBeGreaterThan(100);
  expect(JSON.stringify(calls).length).toBeLessThan(110_000);
});

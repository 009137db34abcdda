import type { RecordExecution } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { anExecution } from "../testing-evidence.testing.ts";
import { newExecution } from "./new-execution.ts";

const now = new Date("2026-03-01T10:00:00.000Z");
const rowOf = (change: Partial<RecordExecution> = {}) =>
  newExecution({
    id: "id",
    agentId: "agent",
    userId: "user",
    execution: anExecution("abc-123", change),
    now,
  });

describe("newExecution", () => {
  it("fills what the caller left out", () => {
    expect(rowOf()).toEqual({
      id: "id",
      agent_id: "agent",
      external_id: "abc-123",
      version_id: null,
      environment: "production",
      unit_id: null,
      session_id: null,
      user_id: "user",
      experiment_id: null,
      rollout_id: null,
      arm: null,
      input_text: "How do I file a VAT return?",
      input_context: {},
      output_text: "Like this.",
      status: "succeeded",
      error_type: null,
      error_message: null,
      task_completed: null,
      latency_ms: null,
      prompt_tokens: null,
      completion_tokens: null,
      cost_usd: null,
      metadata: {},
      created_at: now,
    });
  });

  it.each([
    ["experiment", { experiment_id: "s", rollout_id: null }],
    ["rollout", { experiment_id: null, rollout_id: "s" }],
  ] as const)("puts a split into the column of its kind: %s", (kind, columns) => {
    expect(rowOf({ split: { kind, id: "s", arm: "control" } })).toMatchObject({ ...columns, arm: "control" });
  });

  it("keeps false and zero", () => {
    const row = rowOf({ task_completed: false, latency_ms: 0, prompt_tokens: 0, cost_usd: 0 });
    expect(row).toMatchObject({ task_completed: false, latency_ms: 0, prompt_tokens: 0, cost_usd: 0 });
  });

  it("keeps costs as the column does, so that counters and rows agree", () => {
    expect(rowOf({ cost_usd: 0.12345678 }).cost_usd).toBe(0.123457);
  });
});

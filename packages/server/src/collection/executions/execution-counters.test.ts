import { describe, expect, it } from "vitest";
import type { StoredExecution } from "../evidence-observer.ts";
import { aStoredExecution } from "../stored-execution-fixture.testing.ts";
import { executionCounters } from "./execution-counters.ts";

function metrics(change: Partial<StoredExecution>): object {
  const counters = executionCounters(aStoredExecution(change));
  return Object.fromEntries([...counters].map(([metric, tally]) => [metric, [tally.count, tally.sum]]));
}

describe("executionCounters", () => {
  it("counts an execution of which nothing more is known", () => {
    expect(metrics({})).toEqual({ executions: [1, 0] });
  });

  it("counts what is known, also by version", () => {
    expect(
      metrics({ status: "failed", latency_ms: 120, cost_usd: 0.5, task_completed: false, version_id: "v" }),
    ).toEqual({
      executions: [1, 0],
      errors: [1, 0],
      latency_ms: [1, 120],
      cost_usd: [1, 0.5],
      tasks: [1, 0],
      "version:executions:v": [1, 0],
      "version:errors:v": [1, 0],
      "version:latency_ms:v": [1, 120],
      "version:cost_usd:v": [1, 0.5],
      "version:tasks:v": [1, 0],
    });
  });

  it("counts a completed task twice: as a task and as completed", () => {
    expect(metrics({ task_completed: true })).toEqual({
      executions: [1, 0],
      tasks: [1, 0],
      tasks_completed: [1, 0],
    });
  });

  it("counts a trial on staging in nothing", () => {
    expect(metrics({ environment: "staging", latency_ms: 5 })).toEqual({});
  });

  it.each([{ experiment_id: "x" }, { rollout_id: "x" }])("counts what is inside a split: %j", (split) => {
    expect(metrics(split)).toEqual({ executions: [1, 0], split_executions: [1, 0] });
  });
});

import {
  recordExecution,
  recordExecutions,
  recordRetrievals,
  reportOutcomes,
  submitFeedback,
} from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { EXPERIMENT, V1, V2 } from "../serving/serving.testing.ts";
import type { ExecutionRecord } from "./evidence.ts";
import { executionToWire, feedbackToWire, outcomeToWire, retrievalToWire } from "./to-wire.ts";

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const toWire = (record: ExecutionRecord): unknown =>
  overTheWire(executionToWire(record, "my-agent", "run-1", "production"));

describe("executionToWire", () => {
  it("says everything in the contract's words", () => {
    const wire = toWire({
      inputText: "in",
      outputText: "out",
      inputContext: { a: 1 },
      status: "succeeded",
      errorType: null,
      errorMessage: null,
      taskCompleted: true,
      latencyMs: 12.5,
      promptTokens: 3,
      completionTokens: 4,
      costUsd: 0.01,
      versionId: V1,
      split: { kind: "experiment", id: EXPERIMENT, arm: "control" },
      environment: "staging",
      unitId: "u",
      sessionId: "s",
      userId: "p",
      metadata: { b: [2] },
    });
    const expected = {
      agent_id: "my-agent",
      execution_id: "run-1",
      version_id: V1,
      environment: "staging",
      unit_id: "u",
      session_id: "s",
      user_id: "p",
      split: { kind: "experiment", id: EXPERIMENT, arm: "control" },
      input_text: "in",
      input_context: { a: 1 },
      output_text: "out",
      status: "succeeded",
      error_type: null,
      error_message: null,
      task_completed: true,
      latency_ms: 12.5,
      prompt_tokens: 3,
      completion_tokens: 4,
      cost_usd: 0.01,
      metadata: { b: [2] },
    };
    expect(wire).toEqual(expected);
    expect(recordExecution.parse(wire)).toEqual(expected);
    expect(recordExecutions.safeParse({ executions: [wire] }).success).toBe(true);
  });

  it("takes version and split of the resolution, unless they are given", () => {
    const resolution = {
      versionId: V1,
      version: null,
      split: { kind: "rollout", id: EXPERIMENT, arm: "candidate" },
      reason: "split",
    } as const;
    expect(toWire({ inputText: "x", resolution })).toMatchObject({ version_id: V1, split: resolution.split });
    expect(toWire({ inputText: "x", resolution, versionId: V2 })).toMatchObject({ version_id: V2 });
  });

  it("knows a failure by its error", () => {
    expect(toWire({ inputText: "x" })).toEqual({
      agent_id: "my-agent",
      execution_id: "run-1",
      environment: "production",
      input_text: "x",
      status: "succeeded",
    });
    expect(toWire({ inputText: "x", errorMessage: "boom" })).toMatchObject({ status: "failed" });
    expect(toWire({ inputText: "x", errorType: "E", status: "succeeded" })).toMatchObject({
      status: "succeeded",
    });
  });

  it("cuts long errors and leaves out what was not measured, so that the server takes it", () => {
    const wire = toWire({
      inputText: "x",
      errorType: "E".repeat(300),
      errorMessage: "m".repeat(20_000),
      latencyMs: Number.NaN,
      costUsd: Number.POSITIVE_INFINITY,
    });
    expect(recordExecution.safeParse(wire).success).toBe(true);
    expect(recordExecution.safeParse(toWire({ inputText: "x", errorType: "" })).success).toBe(true);
    expect(wire).not.toHaveProperty("latency_ms");
  });

  it.each([undefined, null, "", 7])("refuses %j for an input text", (inputText) => {
    expect(() => toWire({ inputText } as never)).toThrow("inputText");
  });
});

it("says feedback in the contract's words", () => {
  const wire = overTheWire(
    feedbackToWire(
      {
        executionId: "run-1",
        userId: "p",
        feedbackType: "dimension",
        rating: 4,
        feedbackText: "good",
        correctionText: "better",
        issueCategories: ["tone"],
        dimensions: { accuracy: 5 },
        signal: null,
        metadata: { a: 1 },
      },
      "my-agent",
    ),
  );
  const expected = {
    agent_id: "my-agent",
    execution_id: "run-1",
    user_id: "p",
    feedback_type: "dimension",
    rating: 4,
    feedback_text: "good",
    correction_text: "better",
    issue_categories: ["tone"],
    dimensions: { accuracy: 5 },
    signal: null,
    metadata: { a: 1 },
  };
  expect(wire).toEqual(expected);
  expect(submitFeedback.parse(wire)).toEqual(expected);
});

it("says a retrieval in the contract's words", () => {
  const chunks = [
    { chunkId: "c1", rank: 1, score: 0.5, features: { bm25: 2 }, examinationProbability: 1 },
    { chunkId: "c2", rank: 2, score: Number.NaN },
  ];
  const retrieval = { executionId: "run-1", query: "q", chunks, rankerVersion: "r1" };
  const wire = overTheWire(retrievalToWire(retrieval, "my-agent", V1));
  expect(wire).toEqual({
    id: V1,
    agent_id: "my-agent",
    execution_id: "run-1",
    query: "q",
    chunks: [
      { chunk_id: "c1", rank: 1, score: 0.5, features: { bm25: 2 }, examination_probability: 1 },
      { chunk_id: "c2", rank: 2 },
    ],
    ranker_version: "r1",
  });
  expect(recordRetrievals.safeParse({ retrievals: [wire] }).success).toBe(true);
});

it("says what a chunk says, where it is told", () => {
  const said = (excerpt: string) =>
    retrievalToWire({ executionId: "e", query: "q", chunks: [{ chunkId: "c", rank: 1, excerpt }] }, "a", V1);
  expect(said("short").chunks[0]?.excerpt).toBe("short");
  for (const excerpt of ["", "y".repeat(9_000)])
    expect(recordRetrievals.safeParse({ retrievals: [overTheWire(said(excerpt))] }).success).toBe(true);
});

it("says an outcome in the contract's words, under its own id or the one it is given", () => {
  const outcome = { unitId: "u", metric: "revenue", value: 12.5, denominator: 2, outcomeId: "mine" };
  const split = { kind: "experiment" as const, id: V1, arm: "treatment" };
  const wire = overTheWire(outcomeToWire(outcome, split, "made"));
  const expected = {
    outcome_id: "mine",
    kind: "experiment",
    id: V1,
    unit_id: "u",
    metric: "revenue",
    value: 12.5,
    denominator: 2,
  };
  expect(wire).toEqual(expected);
  expect(reportOutcomes.parse({ outcomes: [wire] })).toEqual({ outcomes: [expected] });
  expect(outcomeToWire({ unitId: "u", metric: "m", value: 1 }, split, "made").outcome_id).toBe("made");
});

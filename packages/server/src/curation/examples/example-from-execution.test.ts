import { agentLearningConfig } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { exampleFromExecution, readConfidence } from "./example-from-execution.ts";

const on = agentLearningConfig.parse({});
const policy = { edge_case_confidence: 0.3 };

describe("exampleFromExecution", () => {
  it("makes a failure of what failed, whatever its confidence", () => {
    expect(exampleFromExecution(on, policy, { status: "failed", confidence: undefined })).toBe("failure");
    expect(exampleFromExecution(on, policy, { status: "failed", confidence: 0.9 })).toBe("failure");
  });

  it("makes an edge case below the policy's confidence", () => {
    const typeOf = (confidence: unknown): string | null =>
      exampleFromExecution(on, policy, { status: "succeeded", confidence });
    expect([0, 0.29, 0.3, 1].map(typeOf)).toEqual(["edge_case", "edge_case", null, null]);
    expect([undefined, null, "0.1", -1, Number.NaN].map(typeOf)).toEqual([null, null, null, null, null]);
  });

  it("makes no edge cases with a threshold of 0", () => {
    const evidence = { status: "succeeded", confidence: 0 };
    expect(exampleFromExecution(on, { edge_case_confidence: 0 }, evidence)).toBeNull();
  });

  it("makes nothing while a switch is off", () => {
    const evidence = { status: "failed", confidence: 0 };
    const collection = on.feedback_collection;
    expect(exampleFromExecution({ ...on, learning_enabled: false }, policy, evidence)).toBeNull();
    const manual = { ...on, feedback_collection: { ...collection, auto_collect: false } };
    expect(exampleFromExecution(manual, policy, evidence)).toBeNull();
    const noCorrections = { ...on, feedback_collection: { ...collection, collect_corrections: false } };
    expect(exampleFromExecution(noCorrections, policy, evidence)).toBe("failure");
  });
});

describe("readConfidence", () => {
  it("takes numbers from 0 to 1 only", () => {
    expect([0, 0.5, 1, 1.1, "1", null, Number.POSITIVE_INFINITY].map(readConfidence)).toEqual([
      0,
      0.5,
      1,
      null,
      null,
      null,
      null,
    ]);
  });
});

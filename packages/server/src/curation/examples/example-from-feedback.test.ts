import { agentLearningConfig, type AgentLearningConfig } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { exampleFromFeedback } from "./example-from-feedback.ts";

const execution = { input_text: "question", output_text: "answer" };

function config(
  collection: Partial<AgentLearningConfig["feedback_collection"]> = {},
  learningEnabled = true,
): AgentLearningConfig {
  const defaults = agentLearningConfig.parse({});
  return {
    learning_enabled: learningEnabled,
    feedback_collection: { ...defaults.feedback_collection, ...collection },
  };
}

interface Vote {
  feedback_type: string;
  rating?: number;
  correction_text?: string;
}

function typeOf(vote: Vote, settings = config(), source = execution): string | undefined {
  return exampleFromFeedback(settings, source, { rating: null, correction_text: null, ...vote })
    ?.example_type;
}

describe("exampleFromFeedback", () => {
  it("keeps the original output of a correction", () => {
    const feedback = { feedback_type: "correction", rating: null, correction_text: "better" };
    expect(exampleFromFeedback(config(), execution, feedback)).toEqual({
      example_type: "correction",
      input_text: "question",
      original_output: "answer",
      expected_output: "better",
    });
  });

  it("expects of a positive what was answered, of a negative nothing yet", () => {
    const up = { feedback_type: "thumbs_up", rating: null, correction_text: null };
    expect(exampleFromFeedback(config(), execution, up)).toMatchObject({
      original_output: "answer",
      expected_output: "answer",
    });
    expect(exampleFromFeedback(config(), execution, { ...up, feedback_type: "thumbs_down" })).toMatchObject({
      example_type: "negative",
      original_output: "answer",
      expected_output: "",
    });
  });

  it("reads ratings by the agent's minimum", () => {
    const types = (minimum: number): (string | undefined)[] =>
      [1, 2, 3, 4, 5].map((rating) =>
        typeOf({ feedback_type: "rating", rating }, config({ min_rating_for_positive: minimum })),
      );
    expect(types(4)).toEqual(["negative", "negative", undefined, "positive", "positive"]);
    expect(types(5)).toEqual(["negative", "negative", undefined, undefined, "positive"]);
    expect(types(2)).toEqual(["negative", "positive", "positive", "positive", "positive"]);
  });

  it("learns nothing while learning is off", () => {
    for (const vote of [
      { feedback_type: "correction", correction_text: "better" },
      { feedback_type: "thumbs_up" },
      { feedback_type: "rating", rating: 1 },
    ])
      expect(typeOf(vote, config({}, false))).toBeUndefined();
  });

  it("makes no examples of votes without auto_collect, but still of corrections", () => {
    const settings = config({ auto_collect: false });
    expect(typeOf({ feedback_type: "thumbs_up" }, settings)).toBeUndefined();
    expect(typeOf({ feedback_type: "rating", rating: 1 }, settings)).toBeUndefined();
    expect(typeOf({ feedback_type: "correction", correction_text: "better" }, settings)).toBe("correction");
  });

  it("makes no correction without collect_corrections, and counts its vote", () => {
    const settings = config({ collect_corrections: false });
    expect(typeOf({ feedback_type: "correction", correction_text: "better" }, settings)).toBeUndefined();
    expect(typeOf({ feedback_type: "correction", correction_text: "better", rating: 1 }, settings)).toBe(
      "negative",
    );
  });

  it("prefers the correction of feedback that also votes", () => {
    expect(typeOf({ feedback_type: "rating", rating: 1, correction_text: "better" })).toBe("correction");
    expect(typeOf({ feedback_type: "rating", rating: 1, correction_text: "  " })).toBe("negative");
  });

  it("makes nothing of what is no vote", () => {
    for (const feedback_type of ["comment", "dimension", "implicit"])
      expect(typeOf({ feedback_type })).toBeUndefined();
    expect(typeOf({ feedback_type: "implicit", rating: 5 })).toBeUndefined();
    expect(typeOf({ feedback_type: "rating", rating: 3 })).toBeUndefined();
  });

  it("makes no positive of an execution without output, but a negative", () => {
    const silent = { input_text: "question", output_text: "" };
    expect(typeOf({ feedback_type: "thumbs_up" }, config(), silent)).toBeUndefined();
    expect(typeOf({ feedback_type: "thumbs_down" }, config(), silent)).toBe("negative");
  });
});

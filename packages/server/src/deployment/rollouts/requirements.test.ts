import { agentVersionConfig } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { type RequirementQuestion, unmetRequirements } from "./requirements.ts";

const config = agentVersionConfig.parse({ components: { system_prompt: "Answer." } });
const otherPrompt = agentVersionConfig.parse({ components: { system_prompt: "Answer kindly." } });

const ask = (
  candidate: Partial<RequirementQuestion["candidate"]>,
  change: Partial<RequirementQuestion> = {},
): string[] =>
  unmetRequirements({
    candidate: {
      origin: "manual",
      config,
      affectedQueryShare: null,
      reviewStatus: "not_required",
      reviewedAt: null,
      ...candidate,
    },
    baseline: config,
    maxUnreviewedChange: 0.5,
    experiment: null,
    requiredSignificance: 0.95,
    rolledBackAt: null,
    ...change,
  }).map((requirement) => requirement.name);

const experiment = (winner: string | null, significance: number | null): Partial<RequirementQuestion> => ({
  experiment: { winner, significance },
});

describe("unmetRequirements", () => {
  it.each<[string, Partial<RequirementQuestion["candidate"]>, Partial<RequirementQuestion>, string[]]>([
    ["an unchanged prompt", {}, {}, []],
    ["fine-tuning", { origin: "fine_tuning" }, {}, ["fine_tuning"]],
    ["behaviour learning", { origin: "behavior_learning" }, {}, ["behavior_learning"]],
    ["an unmeasured prompt change", { config: otherPrompt }, {}, ["prompt_change_not_measured"]],
    [
      "a wide prompt change",
      { config: otherPrompt, affectedQueryShare: 0.6 },
      {},
      ["prompt_change_too_wide"],
    ],
    ["a narrow prompt change", { config: otherPrompt, affectedQueryShare: 0.4 }, {}, []],
    ["a significant experiment", {}, experiment("treatment", 0.95), []],
    ["an experiment at .9499", {}, experiment("treatment", 0.9499), ["experiment_not_significant"]],
    ["an experiment without a number", {}, experiment(null, null), ["experiment_not_significant"]],
    ["an experiment that the control won", {}, experiment("control", 0.99), ["experiment_not_significant"]],
    [
      "several at once",
      { origin: "fine_tuning", config: otherPrompt },
      experiment("treatment", 0.5),
      ["fine_tuning", "prompt_change_not_measured", "experiment_not_significant"],
    ],
    [
      "anything, approved",
      { origin: "fine_tuning", config: otherPrompt, reviewStatus: "approved" },
      experiment(null, 0.1),
      [],
    ],
    ["a version that was rolled back", {}, { rolledBackAt: new Date(5) }, ["rolled_back_before"]],
    [
      "one that was approved before it was rolled back",
      { reviewStatus: "approved", reviewedAt: new Date(4) },
      { rolledBackAt: new Date(5) },
      ["rolled_back_before"],
    ],
    [
      "one that was approved again after it",
      { reviewStatus: "approved", reviewedAt: new Date(6), origin: "fine_tuning" },
      { rolledBackAt: new Date(5) },
      [],
    ],
    ["anything, rejected", { reviewStatus: "rejected" }, {}, ["version_rejected"]],
    ["a pending review that is no longer needed", { reviewStatus: "pending" }, {}, []],
  ])("%s", (_name, candidate, change, names) => {
    expect(ask(candidate, change)).toEqual(names);
  });

  it("says each in a sentence", () => {
    const [requirement] = unmetRequirements({
      candidate: {
        origin: "fine_tuning",
        config,
        affectedQueryShare: 0,
        reviewStatus: "pending",
        reviewedAt: null,
      },
      baseline: config,
      maxUnreviewedChange: 0.5,
      experiment: null,
      requiredSignificance: 0.95,
      rolledBackAt: null,
    });
    expect(requirement?.sentence).toMatch(/^[A-Z].+\.$/);
  });
});

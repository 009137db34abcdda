import { agentVersionConfig, type AgentVersionConfig } from "@agent-learning/contract";
import { describe, expect, it } from "vitest";
import { type ReviewQuestion, reviewReasons } from "./review-reasons.ts";

const config = (change: Partial<AgentVersionConfig> = {}): AgentVersionConfig =>
  agentVersionConfig.parse({ components: { system_prompt: "Answer." }, ...change });

const question = (change: Partial<ReviewQuestion>): ReviewQuestion => ({
  origin: "prompt_optimization",
  config: config(),
  baseline: config(),
  affectedQueryShare: null,
  maxUnreviewedChange: 0.5,
  ...change,
});

const otherPrompt = config({ components: { system_prompt: "Answer in one line." } });
const otherDemonstrations = config({ demonstrations: [{ input: "a", output: "b" }] });

describe("reviewReasons", () => {
  it.each<[string, Partial<ReviewQuestion>, string[]]>([
    ["a change of retrieval settings alone", { config: config({ retrieval: { k: 4 } }) }, []],
    ["an equal prompt", {}, []],
    ["the first version of an agent", { baseline: null }, []],
    ["a prompt change that nobody measured", { config: otherPrompt }, ["prompt_change_not_measured"]],
    ["demonstrations count as prompt", { config: otherDemonstrations }, ["prompt_change_not_measured"]],
    ["a prompt change at the limit", { config: otherPrompt, affectedQueryShare: 0.5 }, []],
    ["one above the limit", { config: otherPrompt, affectedQueryShare: 0.51 }, ["prompt_change_too_wide"]],
    ["fine-tuning, however small", { origin: "fine_tuning", affectedQueryShare: 0 }, ["fine_tuning"]],
    [
      "an adapter from elsewhere",
      { origin: "manual", config: config({ adapter: { id: "x" } }) },
      ["fine_tuning"],
    ],
    ["behaviour learning", { origin: "behavior_learning", affectedQueryShare: 0.1 }, ["behavior_learning"]],
  ])("%s", (_name, change, reasons) => {
    expect(reviewReasons(question(change))).toEqual(reasons);
  });
});

import { expect, it } from "vitest";
import { summariseExperiment, type SummaryInput } from "./summarise-experiment.ts";

const input: SummaryInput = {
  status: "running",
  winner: null,
  winningArm: null,
  decision: null,
  missing: ["20 more hours (168 are needed)."],
  power: {
    effect: 0.05,
    effect_source: "minimum_effect",
    units_per_arm: 5000,
    units_per_day: 900,
    expected_end: "2026-01-05T00:00:00.000Z",
    sentence: "About 2 days until a decision.",
  },
  comparisons: [],
};

it.each<[string, Partial<SummaryInput>, string]>([
  ["a draft", { status: "draft" }, "Not started."],
  ["one that runs", {}, "Not decided: 20 more hours (168 are needed). About 2 days until a decision."],
  ["a paused one", { status: "paused", power: null }, "Paused. Not decided: 20 more hours (168 are needed)."],
  ["a stopped one", { status: "stopped" }, "Stopped without a decision."],
  ["a decided one", { status: "decided", decision: "keep_control" }, "Decided: keep control."],
  ["a winner", { winner: "treatment", winningArm: "bold" }, "bold wins. It waits for a decision."],
])("of %s", (_name, change, sentence) => {
  expect(summariseExperiment({ ...input, ...change })).toBe(sentence);
});

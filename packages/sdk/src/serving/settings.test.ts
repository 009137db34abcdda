import { agentLearningConfig } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { differingSettings, settingsToWire } from "./settings.ts";
import type { LearningSettings } from "./types.ts";

const actual: LearningSettings = {
  learningEnabled: true,
  feedbackCollection: { autoCollect: true, minRatingForPositive: 4, collectCorrections: false },
};

it("sends what the guide's example says, and the server reads it so", () => {
  const feedbackCollection = { autoCollect: false, minRatingForPositive: 3, collectCorrections: true };
  const wire: unknown = JSON.parse(
    JSON.stringify(settingsToWire({ learningEnabled: false, feedbackCollection })),
  );
  expect(agentLearningConfig.parse(wire)).toEqual({
    learning_enabled: false,
    feedback_collection: { auto_collect: false, min_rating_for_positive: 3, collect_corrections: true },
  });
});

it("leaves to the server what was not given", () => {
  expect(settingsToWire({})).toBeUndefined();
  const wire: unknown = JSON.parse(
    JSON.stringify(settingsToWire({ feedbackCollection: { minRatingForPositive: 5 } })),
  );
  expect(agentLearningConfig.parse(wire)).toEqual({
    learning_enabled: true,
    feedback_collection: { auto_collect: true, min_rating_for_positive: 5, collect_corrections: true },
  });
});

it("names what differs, and only what was given", () => {
  expect(differingSettings({}, actual)).toEqual([]);
  expect(differingSettings({ learningEnabled: true }, actual)).toEqual([]);
  expect(
    differingSettings(
      { learningEnabled: false, feedbackCollection: { minRatingForPositive: 4, collectCorrections: true } },
      actual,
    ),
  ).toEqual([
    "learningEnabled: false in the code, true at the server",
    "feedbackCollection.collectCorrections: true in the code, false at the server",
  ]);
});

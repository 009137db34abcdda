import type { LearningSettings } from "./types.ts";

/** The guide's `agentConfig` as far as it was given. */
export interface GivenSettings {
  learningEnabled?: boolean | undefined;
  feedbackCollection?: Partial<LearningSettings["feedbackCollection"]> | undefined;
}

/** Only what was given, in the wire's words: the server has a default for the rest. Undefined: nothing was given. */
export function settingsToWire(given: GivenSettings): Record<string, unknown> | undefined {
  const { learningEnabled, feedbackCollection } = given;
  if (learningEnabled === undefined && feedbackCollection === undefined) return undefined;
  return {
    learning_enabled: learningEnabled,
    feedback_collection: feedbackCollection && {
      auto_collect: feedbackCollection.autoCollect,
      min_rating_for_positive: feedbackCollection.minRatingForPositive,
      collect_corrections: feedbackCollection.collectCorrections,
    },
  };
}

/** What the code says and the server does otherwise, as `name: code's value, server's value`. */
export function differingSettings(given: GivenSettings, actual: LearningSettings): string[] {
  const pairs: [string, unknown, unknown][] = [
    ["learningEnabled", given.learningEnabled, actual.learningEnabled],
    ...(["autoCollect", "minRatingForPositive", "collectCorrections"] as const).map(
      (name): [string, unknown, unknown] => [
        `feedbackCollection.${name}`,
        given.feedbackCollection?.[name],
        actual.feedbackCollection[name],
      ],
    ),
  ];
  return pairs
    .filter(([, mine, theirs]) => mine !== undefined && mine !== theirs)
    .map(([name, mine, theirs]) => `${name}: ${String(mine)} in the code, ${String(theirs)} at the server`);
}

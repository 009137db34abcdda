import { z } from "zod";
import { changeSettings, type SettingsChange, settingsChange } from "./settings-change.ts";

/** What an agent learns from; the guide's `agentConfig`, in the wire's snake_case. */
export interface AgentLearningConfig {
  /** Off: evidence is stored for monitoring, nothing is learned from it. */
  learning_enabled: boolean;
  feedback_collection: {
    /** Off: votes and ratings count in statistics but make no positive or negative examples. */
    auto_collect: boolean;
    /** A rating of at least this makes a positive example. */
    min_rating_for_positive: number;
    /** Off: corrections are kept as feedback but make no correction examples. */
    collect_corrections: boolean;
  };
}

const feedbackCollection = z.object({
  auto_collect: z.boolean().default(true),
  min_rating_for_positive: z.number().int().min(1).max(5).default(4),
  collect_corrections: z.boolean().default(true),
});

const configSettings = z.object({
  learning_enabled: z.boolean().default(true),
  feedback_collection: feedbackCollection.default({
    auto_collect: true,
    min_rating_for_positive: 4,
    collect_corrections: true,
  }),
});

export const agentLearningConfig: z.ZodType<
  AgentLearningConfig,
  Partial<AgentLearningConfig>
> = configSettings as unknown as z.ZodType<AgentLearningConfig, Partial<AgentLearningConfig>>;

export type AgentLearningConfigChange = SettingsChange<AgentLearningConfig>;

/** What a call may say of an agent's switches: those that it wants otherwise. */
export const agentLearningConfigChange: z.ZodType<AgentLearningConfigChange> = settingsChange(
  configSettings,
) as z.ZodType<AgentLearningConfigChange>;

/** The switches with what a change says; what it does not name stays. */
export function changeConfig(
  config: AgentLearningConfig,
  change: AgentLearningConfigChange,
): AgentLearningConfig {
  return agentLearningConfig.parse(changeSettings(configSettings, { ...config }, change));
}

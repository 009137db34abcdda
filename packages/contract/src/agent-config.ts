import { z } from "zod";

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

export const agentLearningConfig: z.ZodType<AgentLearningConfig, Partial<AgentLearningConfig>> = z.object({
  learning_enabled: z.boolean().default(true),
  feedback_collection: feedbackCollection.default({
    auto_collect: true,
    min_rating_for_positive: 4,
    collect_corrections: true,
  }),
}) as unknown as z.ZodType<AgentLearningConfig, Partial<AgentLearningConfig>>;

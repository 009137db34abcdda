import { unprocessable } from "../../http/index.ts";
import type { Trainer } from "../trainer.ts";
import { chooseBaseVersion } from "./choose-base-version.ts";
import { readPromptSettings, storedSettings } from "./prompt-settings.ts";

/** Name of the job that carries a prompt optimisation out. */
export const PROMPT_JOB = "learning-prompt-optimization";

/** Prompt learning: demonstrations from approved examples, and instruction variants where a model is configured. */
export const promptTrainer: Trainer = {
  trainingType: "prompt_optimization",
  jobName: PROMPT_JOB,
  prepare: async ({ ctx, agent, config }) => {
    const parsed = readPromptSettings(config);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw unprocessable(
        ["body.config", ...(issue?.path ?? [])].join("."),
        issue?.message ?? "is not as expected",
      );
    }
    const base = await chooseBaseVersion(ctx, agent.id, parsed.data.current_prompt);
    return { config: storedSettings(parsed.data), baseVersionId: base.id, requiresReview: false };
  },
};

import type { ModelSpending, PromptSettings } from "@agent-learning/contract";
import { unprocessable } from "../../http/index.ts";
import { refuseOverBudget, requirePrice } from "../budgets/index.ts";
import type { Trainer } from "../trainer.ts";
import { chooseBaseVersion } from "./choose-base-version.ts";
import { needsJudge } from "./evaluators/needs-judge.ts";
import { refuseUnusableEvaluators } from "./evaluators/refuse-unusable.ts";
import { readPromptSettings, storedSettings } from "./prompt-settings.ts";

const NEEDS_MODEL_AGENT =
  "compares answers that a language model writes; the agent's version runs on demonstrations alone";

/** Name of the job that carries a prompt optimisation out. */
export const PROMPT_JOB = "learning-prompt-optimization";

/** Prompt learning: demonstrations from approved examples, and instruction variants where a model is configured. */
export const promptTrainer: Trainer = {
  trainingType: "prompt_optimization",
  jobName: PROMPT_JOB,
  prepare: async ({ ctx, agent, config, path }) => {
    const parsed = readPromptSettings(config);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw unprocessable([path, ...(issue?.path ?? [])].join("."), issue?.message ?? "is not as expected");
    }
    if (parsed.data.budget_cost !== undefined) requirePrice(ctx, `${path}.budget_cost`);
    refuseUnusableEvaluators(parsed.data, ctx.services, path);
    const base = await chooseBaseVersion(ctx, agent.id, parsed.data.current_prompt);
    if (parsed.data.evaluator.kind === "preferences" && base.config.runtime !== "model")
      throw unprocessable(`${path}.evaluator`, NEEDS_MODEL_AGENT);
    const reserved = askedOf(parsed.data, base.config.runtime === "model");
    await refuseOverBudget(ctx, reserved, path);
    return { config: storedSettings(parsed.data), baseVersionId: base.id, requiresReview: false, reserved };
  },
};

/** What a search may spend, and its judges as much again; the built-in agent asks no model. */
function askedOf(settings: PromptSettings, asksModel: boolean): ModelSpending {
  const parts = (asksModel ? 1 : 0) + (needsJudge(settings) ? 1 : 0);
  return {
    calls: parts * settings.budget_calls,
    tokens: parts * (settings.budget_tokens ?? 0),
    cost: parts * (settings.budget_cost ?? 0),
  };
}

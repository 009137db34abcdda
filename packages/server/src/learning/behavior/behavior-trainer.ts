import { unprocessable } from "../../http/index.ts";
import { refuseOverBudget } from "../budgets/index.ts";
import { chooseBaseVersion } from "../prompt/choose-base-version.ts";
import type { Trainer } from "../trainer.ts";
import { readBehaviorSettings, storedSettings } from "./behavior-settings.ts";

/** Name of the job that carries behaviour learning out. */
export const BEHAVIOR_JOB = "learning-behavior";

/** Behaviour learning: verified demonstrations and corrections, and rules of what experts do otherwise. A person approves it. */
export const behaviorTrainer: Trainer = {
  trainingType: "behavior_learning",
  jobName: BEHAVIOR_JOB,
  prepare: async ({ ctx, agent, config, path }) => {
    const parsed = readBehaviorSettings(config);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw unprocessable([path, ...(issue?.path ?? [])].join("."), issue?.message ?? "is not as expected");
    }
    const base = await chooseBaseVersion(ctx, agent.id, undefined);
    const asksModel = base.config.runtime === "model" && ctx.services.models.configured;
    const reserved = { calls: asksModel ? parsed.data.budget_calls : 0, tokens: 0, cost: 0 };
    await refuseOverBudget(ctx, reserved, path);
    return { config: storedSettings(parsed.data), baseVersionId: base.id, requiresReview: true, reserved };
  },
};

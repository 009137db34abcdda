import type { TrainingType } from "@agent-learning/contract";
import { unprocessable } from "../../http/index.ts";
import { chooseBaseVersion } from "../prompt/choose-base-version.ts";
import { refuseOverBudget } from "../budgets/index.ts";
import type { Trainer } from "../trainer.ts";
import { FRESH } from "./run-state.ts";
import { asJson, foreignHyperparameter, readHyperparameters, readSettings } from "./settings.ts";

/** Name of the job that moves fine-tuning runs on. */
export const FINE_TUNING_JOB = "learning-fine-tuning";

/** Fine-tuning as one of the guide's training types: it begins as a draft, which a person starts. */
export function fineTuningTrainer(trainingType: TrainingType): Trainer {
  return {
    trainingType,
    jobName: FINE_TUNING_JOB,
    prepare: async ({ ctx, agent, config, path, hyperparameters, datasetId }) => {
      const settings = readSettings(config, trainingType);
      if (!settings.success) throw refusal(path, settings.error.issues[0]);
      const learnsFromRetrievals = settings.data.method === "embedding";
      if (learnsFromRetrievals && datasetId !== undefined) {
        throw unprocessable(
          "body.dataset_id",
          "leave it out: the method embedding learns from retrievals and the feedback on them",
        );
      }
      if (!learnsFromRetrievals && datasetId === undefined) {
        throw unprocessable(
          "body.dataset_id",
          "must name a frozen dataset: what a model is trained on must be known and stay what it was",
        );
      }
      const foreign = foreignHyperparameter(hyperparameters, settings.data.backend);
      if (foreign !== undefined)
        throw unprocessable(
          `body.hyperparameters.${foreign}`,
          "is chosen by the endpoint itself: leave it out",
        );
      const wanted = readHyperparameters(hyperparameters, settings.data.method);
      if (!wanted.success) throw refusal("body.hyperparameters", wanted.error.issues[0]);
      if (!ctx.services.trainingBackends.has(settings.data.backend)) {
        const known = [...ctx.services.trainingBackends.keys()].join(", ");
        throw unprocessable(`${path}.backend`, `is not set up on this server; it has ${known}`);
      }
      const base = await chooseBaseVersion(ctx, agent.id, undefined);
      const asksModel =
        !learnsFromRetrievals && base.config.runtime === "model" && ctx.services.models.configured;
      const reserved = { calls: asksModel ? settings.data.budget_calls : 0, tokens: 0, cost: 0 };
      await refuseOverBudget(ctx, reserved, path);
      return {
        config: asJson(settings.data),
        hyperparameters: asJson({ ...wanted.data, seed: settings.data.seed }),
        baseVersionId: base.id,
        requiresReview: true,
        reserved,
        draft: { checkpoint: FRESH },
      };
    },
  };
}

function refusal(path: string, issue: { path: PropertyKey[]; message: string } | undefined): Error {
  const at = [path, ...(issue?.path ?? []).map(String)].join(".");
  return unprocessable(at, issue?.message ?? "is not as expected");
}

import type { OptimizePrompt, TrainingRun } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { createTrainingRun } from "../training-runs/create-training-run.ts";
import { storedSettings } from "./prompt-settings.ts";

/** Starts an optimisation of an agent's prompt: a training run of the type `prompt_optimization`. */
export async function optimizePrompt({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: OptimizePrompt;
}): Promise<TrainingRun> {
  const { agent_id: agentId, dataset_id: datasetId, ...settings } = input;
  return createTrainingRun({
    ctx,
    path: "body",
    input: {
      name: `Optimise the prompt of ${agentId}`,
      agent_id: agentId,
      training_type: "prompt_optimization",
      config: storedSettings(settings),
      ...(datasetId === undefined ? {} : { dataset_id: datasetId }),
    },
  });
}

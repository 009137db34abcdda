import type { PromptEvaluator, PromptSettings } from "@agent-learning/contract";
import { schemaFault } from "@agent-learning/learning";
import { unprocessable } from "../../../http/index.ts";
import { NO_EMBEDDER } from "../../../models/create-embedder.ts";
import type { Services } from "../../../services.ts";

const NO_JUDGE =
  "needs a language model, and none is configured: set LEARNING_MODEL_URL and LEARNING_MODEL, or LEARNING_MODEL_PATH";

type Available = Pick<Services, "models" | "embedders" | "webhooks">;

/**
 * Evaluators that this server could not carry out are refused before a run starts.
 * @param path of the settings, such as `body`
 * @throws ProblemError unprocessable naming the field
 */
export function refuseUnusableEvaluators(
  settings: Pick<PromptSettings, "evaluator" | "goal_evaluators">,
  services: Available,
  path: string,
): void {
  refuse(settings.evaluator, services, `${path}.evaluator`);
  for (const [goal, evaluator] of Object.entries(settings.goal_evaluators ?? {}))
    refuse(evaluator, services, `${path}.goal_evaluators.${goal}`, true);
}

function refuse(evaluator: PromptEvaluator, services: Available, path: string, isOfGoal = false): void {
  if (isOfGoal && evaluator.kind === "preferences")
    throw unprocessable(`${path}.kind`, "compares whole answers: it can only be the main evaluator");
  switch (evaluator.kind) {
    case "judge":
    case "preferences":
      if (!services.models.configured) throw unprocessable(path, NO_JUDGE);
      return;
    case "embedding_similarity":
      if (!services.embedders.configured) throw unprocessable(path, NO_EMBEDDER);
      return;
    case "webhook": {
      const refusal = services.webhooks.refusal(evaluator.url);
      if (refusal !== undefined) throw unprocessable(`${path}.url`, refusal);
      return;
    }
    case "json_schema": {
      const fault = schemaFault(evaluator.schema);
      if (fault === undefined) return;
      throw unprocessable([path, "schema", ...(fault.path ? [fault.path] : [])].join("."), fault.problem);
    }
    default:
  }
}

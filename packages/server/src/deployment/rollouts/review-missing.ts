import type { RolloutRequirement } from "@agent-learning/contract";
import { ProblemError } from "../../http/problem-error.ts";

/** 422 naming each human review that a rollout waits for. */
export function reviewMissing(requirements: readonly RolloutRequirement[]): ProblemError {
  return new ProblemError(
    "unprocessable",
    `The rollout may not start yet. ${requirements.map((requirement) => requirement.sentence).join(" ")}`,
    {
      errors: requirements.map(({ name, sentence }) => ({
        path: `requirements.${name}`,
        message: sentence,
      })),
    },
  );
}

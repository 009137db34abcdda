import type { PromptSettings } from "@agent-learning/contract";

/** Whether a language model is asked to score answers. */
export function needsJudge({
  evaluator,
  goal_evaluators: others = {},
}: Pick<PromptSettings, "evaluator" | "goal_evaluators">): boolean {
  return [evaluator, ...Object.values(others)].some(({ kind }) => kind === "judge");
}

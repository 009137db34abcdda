import type { Candidate } from "../candidate.ts";
import { estimatePromptTokens } from "../estimate-tokens.ts";
import { renderPrompt } from "../render-prompt.ts";

/** Estimated prompt tokens of the candidate, as the mean over some inputs; 0 for the built-in agent. */
export function promptCost(candidate: Candidate, inputs: readonly string[]): number {
  if (candidate.runtime === "demonstrations" || inputs.length === 0) return 0;
  let total = 0;
  for (const input of inputs) total += estimatePromptTokens(renderPrompt(candidate, input));
  return Math.round(total / inputs.length);
}

import type { Candidate, Demonstration } from "../../candidate.ts";
import { estimatePromptTokens } from "../../estimate-tokens.ts";
import { renderPrompt } from "../../render-prompt.ts";
import { inputKey } from "../../rows.ts";
import type { OptimizationTask } from "../optimizer.ts";
import { promptCost } from "../prompt-cost.ts";
import { largestThatFits } from "./ladder.ts";

/** The approved examples, and the seed's demonstrations for inputs that no approved example has. */
export function demonstrationPool({ seed, training }: OptimizationTask): Demonstration[] {
  const pool = new Map<string, Demonstration>();
  for (const demonstration of seed.demonstrations) pool.set(inputKey(demonstration.input), demonstration);
  for (const { id, input, expected } of training) {
    pool.set(inputKey(input), { input, output: expected, exampleId: id });
  }
  return [...pool.values()];
}

/** How many demonstrations of the pool one prompt may show, beside the seed's instruction and inputs like these. */
export function largestSet(
  { seed, maximumPromptTokens }: OptimizationTask,
  pool: readonly Demonstration[],
  inputs: readonly string[],
): number {
  const bare: Candidate = { ...seed, demonstrations: [] };
  const whole = estimatePromptTokens(
    renderPrompt({ ...bare, demonstrations: [...pool], parameters: {} }, ""),
  );
  const empty = estimatePromptTokens(renderPrompt(bare, ""));
  return largestThatFits({
    available: pool.length,
    maximumPromptTokens,
    baseTokens: promptCost(bare, inputs),
    tokensPerDemonstration: (whole - empty) / Math.max(1, pool.length),
  });
}

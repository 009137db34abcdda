import type { OptimizationResult } from "@agent-learning/learning";

/** Why a search ended without a candidate, in sentences, the deciding one first. */
export function explainKeptSeed({
  trials,
  stoppedBecause,
  notes,
  contradictions,
  ledger,
}: OptimizationResult): string[] {
  const measured = trials.filter(({ rows }) => rows > 0).length;
  const isCut = Object.values(stoppedBecause).includes("budget");
  const reasons = ["No candidate is expected to be better than the version that it started from."];
  if (isCut && measured < 2) {
    const { calls, tokens, cost } = ledger.budget;
    const limits = [
      calls === undefined ? [] : [`${calls} calls`],
      tokens === undefined ? [] : [`${tokens} tokens`],
      cost === undefined ? [] : [`a cost of ${cost}`],
    ].flat();
    reasons.push(`The budget of ${limits.join(", ")} is too small to compare a second candidate with it.`);
  }
  if (contradictions.length > 0) reasons.push(contradictionsSentence(contradictions.length));
  return [...reasons, ...notes];
}

/** What became of inputs that approved examples answer in more than one way. */
export function contradictionsSentence(inputs: number): string {
  return `${inputs} ${inputs === 1 ? "input has" : "inputs have"} more than one approved output: what most examples say was learned, else what was said last.`;
}

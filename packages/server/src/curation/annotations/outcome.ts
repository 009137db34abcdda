import type { AnnotationType, Comparison, Decision } from "@agent-learning/contract";

/** What the outcome of a review depends on. */
export interface Opinion {
  annotationType: AnnotationType;
  decision: Decision;
  correctedOutput: string | null;
  /** Of a pair: which output is better; null: as the example says, or no pair. */
  comparison: Comparison | null;
  /** What the annotator's word counts; a newcomer's is 1. */
  weight: number;
}

/** Weight, of all together, below which annotators who agree are not believed: half a newcomer. */
const LEAST_WEIGHT = 0.5;

export type Outcome =
  /** Annotations are still wanted. */
  | { kind: "outstanding" }
  /** The annotators disagree, or cannot be relied on: a reviewer who is none of them decides. */
  | { kind: "disagreement" }
  /** `correctedOutput` is null when the expected output stays as it is. */
  | { kind: "settled"; decision: Decision; correctedOutput: string | null; comparison: Comparison | null };

function distinctCorrections(opinions: readonly Opinion[]): string[] {
  const byMeaning = new Map<string, string>();
  for (const { correctedOutput } of opinions) {
    if (correctedOutput === null) continue;
    const key = correctedOutput.trim().replaceAll(/\s+/g, " ");
    if (!byMeaning.has(key)) byMeaning.set(key, correctedOutput);
  }
  return [...byMeaning.values()];
}

/** What comparisons with the same output in front say together: its mean strength, rounded, of those who gave one. */
function agreed(compared: readonly Comparison[]): Comparison | null {
  const [first] = compared;
  if (first === undefined) return null;
  const strengths = compared.flatMap(({ strength }) => strength ?? []);
  if (strengths.length === 0) return { preferred: first.preferred };
  const mean = strengths.reduce((sum, strength) => sum + strength, 0) / strengths.length;
  return { preferred: first.preferred, strength: Math.round(mean) };
}

/**
 * The outcome of a review. An adjudication decides. Without one, annotators who all decide alike settle it, unless those who
 * approve supply different corrections (white space aside) or prefer different outputs: which of them is right is a question for a third person. Nor do people
 * settle it who keep failing what is known: a reviewer looks at that too.
 * @param outstanding annotations that are still wanted
 */
export function outcomeOf(opinions: readonly Opinion[], outstanding: number): Outcome {
  const adjudication = opinions.find((opinion) => opinion.annotationType === "adjudication");
  if (adjudication !== undefined)
    return {
      kind: "settled",
      decision: adjudication.decision,
      correctedOutput: adjudication.correctedOutput,
      comparison: adjudication.comparison,
    };
  const [first] = opinions;
  if (outstanding > 0 || first === undefined) return { kind: "outstanding" };
  if (opinions.some((opinion) => opinion.decision !== first.decision)) return { kind: "disagreement" };
  if (opinions.reduce((sum, { weight }) => sum + weight, 0) < LEAST_WEIGHT) return { kind: "disagreement" };
  if (first.decision === "reject")
    return { kind: "settled", decision: "reject", correctedOutput: null, comparison: null };
  const compared = opinions.flatMap(({ comparison }) => comparison ?? []);
  if (new Set(compared.map(({ preferred }) => preferred)).size > 1) return { kind: "disagreement" };
  const corrections = distinctCorrections(opinions);
  if (corrections.length > 1) return { kind: "disagreement" };
  return {
    kind: "settled",
    decision: "approve",
    correctedOutput: corrections[0] ?? null,
    comparison: agreed(compared),
  };
}

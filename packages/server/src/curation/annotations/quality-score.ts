/** What one annotation says of quality. */
export interface QualityVote {
  /** The four dimensions, 0 to 1 each. */
  dimensions: readonly number[];
  /** Weight of the annotator, above 0; a newcomer's is 1. */
  trust: number;
}

/** The agent's mean counts like this many annotations of trust 1. */
const PRIOR_WEIGHT = 0.5;

/** Mean of one annotation's dimensions, 0 to 1. */
export function meanOf(dimensions: readonly number[]): number {
  return dimensions.reduce((sum, value) => sum + value, 0) / dimensions.length;
}

/**
 * Quality score of an example, 0 to 1 with two decimals: the mean of each annotation's dimensions, weighted by the annotator's
 * trust, shrunk towards the agent's mean for few annotations:
 *
 *     (Σ trust · mean + ½ · agent's mean) / (Σ trust + ½)
 *
 * the posterior mean of a normal mean whose prior is worth half an annotation.
 * @param agentMean mean of the agent's annotations with the same decision so far, 0 to 1; null before the first: nothing to
 *   shrink towards
 * @returns null without votes
 */
export function qualityScore(votes: readonly QualityVote[], agentMean: number | null): number | null {
  let weight = 0;
  let sum = 0;
  for (const { dimensions, trust } of votes) {
    if (dimensions.length === 0) continue;
    weight += trust;
    sum += trust * meanOf(dimensions);
  }
  if (weight === 0) return null;
  const score =
    agentMean === null ? sum / weight : (sum + PRIOR_WEIGHT * agentMean) / (weight + PRIOR_WEIGHT);
  return Math.round(Math.min(1, Math.max(0, score)) * 100) / 100;
}

import type { Demonstration } from "../candidate.ts";

export interface Neighbour {
  demonstration: Demonstration;
  /** Similarity relative to the nearest neighbour, in (0, 1]. */
  similarity: number;
}

/** Exponent of the similarity in a vote: far neighbours are many, and should not outvote near ones. */
const SHARPNESS = 3;
/** Weight of one imagined vote for something else, so that a single neighbour is not certainty. */
const DOUBT = 0.5;

/**
 * Votes weighted by similarity³. Equal sums go to the output whose first voter is nearer.
 * Confidence is the winner's share of all votes and of a constant doubt. `neighbours` must not be empty.
 */
export function castVotes(neighbours: readonly Neighbour[]): { output: string; confidence: number } {
  const votes = new Map<string, number>();
  let total = 0;
  for (const { demonstration, similarity } of neighbours) {
    const vote = similarity ** SHARPNESS;
    votes.set(demonstration.output, (votes.get(demonstration.output) ?? 0) + vote);
    total += vote;
  }
  let output = "";
  let most = -1;
  for (const [candidate, sum] of votes) {
    if (sum > most) {
      output = candidate;
      most = sum;
    }
  }
  return { output, confidence: most / (total + DOUBT) };
}

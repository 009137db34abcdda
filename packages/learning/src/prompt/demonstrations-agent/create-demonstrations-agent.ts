import { type Candidate, integerParameter, textParameter } from "../candidate.ts";
import { createDemonstrationIndex, type DemonstrationIndex } from "./demonstration-index.ts";
import { castVotes, type Neighbour } from "./cast-votes.ts";

export interface DemonstrationsAnswer {
  output: string;
  /** Share of the weighted votes, and of half a vote of doubt, that the output got; 0 for a fallback. */
  confidence: number;
  /** The voters, nearest first; empty for a fallback. */
  neighbours: Neighbour[];
}

export interface AnswerOptions {
  /** Demonstrations of this example or with this very input do not vote: leave-one-out. */
  leaveOut?: { exampleId?: string; input?: string };
}

export interface DemonstrationsAgent {
  answer(input: string, options?: AnswerOptions): DemonstrationsAnswer;
}

/** Voters when `parameters.neighbours` does not say. */
export const DEFAULT_NEIGHBOURS = 20;

/**
 * The built-in agent for systems without a language model. It is NOT a language model: it finds the demonstrations
 * whose inputs are most like the input (BM25 over words and character 4-grams) and gives the output that most of them
 * have, each vote weighted by similarity³. No network, no clock, no chance: the same candidate and input give the same
 * answer. It can only give outputs that some demonstration has, so it suits routing and classification.
 *
 * Parameters: `neighbours` (voters, default 20), `default_output` (answer when no demonstration shares anything with the
 * input; default: the most frequent output, or "" without demonstrations).
 */
export function createDemonstrationsAgent(
  candidate: Candidate,
  index: DemonstrationIndex = createDemonstrationIndex(candidate.demonstrations),
): DemonstrationsAgent {
  const limit = integerParameter(candidate, "neighbours", {
    fallback: DEFAULT_NEIGHBOURS,
    minimum: 1,
    maximum: 1000,
  });
  const fallback = textParameter(candidate, "default_output") ?? index.mostFrequentOutput;
  return {
    answer(input, { leaveOut } = {}) {
      const matches = index.nearest(input, limit, leaveOut);
      const top = matches[0];
      if (!top) return { output: fallback, confidence: 0, neighbours: [] };
      const neighbours = matches.map(({ demonstration, score }) => ({
        demonstration,
        similarity: score / top.score,
      }));
      return { ...castVotes(neighbours), neighbours };
    },
  };
}

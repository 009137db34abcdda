import { createDemonstrationsAgent } from "../prompt/demonstrations-agent/create-demonstrations-agent.ts";
import type { Demonstration } from "../prompt/candidate.ts";
import type { Contribution } from "./contribution.ts";

/** Confidence of the neighbours from which they count as saying something. */
const CLEAR = 0.5;
/** Trusted examples below which nothing can be contradicted. */
const LEAST_TRUSTED = 20;

/**
 * Ids of contributions whose output is not what the trusted examples nearest to their input say. Who contradicts may well be right: only many
 * contradictions from one side say something. Empty while there are too few trusted examples.
 */
export function findContradictions(
  contributions: readonly Contribution[],
  trusted: readonly Demonstration[],
): Set<string> {
  if (trusted.length < LEAST_TRUSTED) return new Set();
  const agent = createDemonstrationsAgent({
    runtime: "demonstrations",
    components: {},
    demonstrations: [...trusted],
    parameters: { neighbours: 10 },
  });
  const contradicting = contributions.filter(({ input, output }) => {
    const { output: said, confidence } = agent.answer(input);
    return confidence >= CLEAR && said !== output;
  });
  return new Set(contradicting.map(({ id }) => id));
}

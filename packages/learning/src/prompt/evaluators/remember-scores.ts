import type { Evaluation, Evaluator } from "./evaluator.ts";

/** Evaluations that are kept. */
const MOST_KEPT = 20_000;

/**
 * The evaluator with a memory, for one that is slow or dear and says the same of the same answer: what is asked again is not asked a
 * second time, also while the first time lasts. What failed is asked again.
 */
export function rememberScores(evaluator: Evaluator): Evaluator {
  const known = new Map<string, Promise<Evaluation>>();
  const remembering: Evaluator = (input) => {
    const key = JSON.stringify([input.input, input.output, input.expected]);
    const found = known.get(key);
    if (found) return found;
    const asked = (async () => await evaluator(input))();
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
    return asked;
  };
  return evaluator.measures === undefined
    ? remembering
    : Object.assign(remembering, { measures: evaluator.measures });
}

import type { Embedder } from "../../ports.ts";
import { BudgetExhausted } from "../ledger.ts";
import { type Evaluator, EvaluatorUnavailable } from "./evaluator.ts";

export interface EmbeddingSimilarityOptions {
  embedder: Embedder;
  /** Cosine from which an output counts as right; default 0.8. It depends on the embedder: choose it on judged examples. */
  threshold?: number;
}

const MOST_KEPT = 5_000;

/**
 * Score = cosine of the output's and the expected text's vectors, negative ones 0; objective `accuracy` = reaches the threshold. Equal texts
 * score 1 without asking. Similar words are not equal meaning ("is" and "is not" lie close): for facts use another evaluator.
 */
export function embeddingSimilarity({ embedder, threshold = 0.8 }: EmbeddingSimilarityOptions): Evaluator {
  if (!(threshold > 0 && threshold <= 1)) throw new RangeError("threshold must lie above 0 and not above 1");
  const expectedVectors = new Map<string, number[]>();
  const evaluator: Evaluator = async ({ output, expected, signal }) => {
    if (output.trim() === expected.trim()) return { score: 1, feedback: "", objectives: { accuracy: 1 } };
    const known = expectedVectors.get(expected);
    const vectors = await embedder
      .embed(known ? [output] : [output, expected], { signal })
      .catch((error: unknown) => {
        signal?.throwIfAborted();
        if (BudgetExhausted.isInstance(error)) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new EvaluatorUnavailable(`The embedder failed: ${reason}`, { cause: error });
      });
    const wanted = known ?? vectors[1];
    if (expectedVectors.size >= MOST_KEPT) expectedVectors.clear();
    if (wanted) expectedVectors.set(expected, wanted);
    const score = Math.max(0, cosine(vectors[0] ?? [], wanted ?? []));
    const right = score >= threshold;
    return {
      score,
      feedback: right ? "" : `The meaning is too far from what was expected: ${JSON.stringify(expected)}.`,
      objectives: { accuracy: right ? 1 : 0 },
    };
  };
  return evaluator;
}

/** Cosine of the angle between two vectors of one length; 0 when one of them has no direction. @throws for different lengths */
export function cosine(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) {
    throw new RangeError(`vectors of ${one.length} and ${other.length} dimensions are not comparable`);
  }
  let [dot, lengthOne, lengthOther] = [0, 0, 0];
  for (const [index, a] of one.entries()) {
    const b = other[index] as number;
    dot += a * b;
    lengthOne += a * a;
    lengthOther += b * b;
  }
  const length = Math.sqrt(lengthOne * lengthOther);
  return length > 0 ? Math.min(1, Math.max(-1, dot / length)) : 0;
}

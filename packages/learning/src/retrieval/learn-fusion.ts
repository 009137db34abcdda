import { type ArmScores, fuseArms } from "./fuse-arms.ts";
import { type Grades, ndcg } from "./ranking-metrics.ts";

/** A query whose relevant chunks are known, with what each arm says of it. */
export interface JudgedArms {
  arms: readonly ArmScores[];
  grades: Grades;
}

/** All ways to share `steps` among `arms`, single arms first: an equal score then keeps the simpler one. */
function* simplex(arms: number, steps: number): Generator<number[]> {
  for (let arm = 0; arm < arms; arm += 1) {
    yield Array.from({ length: arms }, (_, index) => (index === arm ? 1 : 0));
  }
  const parts = function* (left: number, places: number): Generator<number[]> {
    if (places === 1) {
      yield [left];
      return;
    }
    for (let first = left; first >= 0; first -= 1) {
      for (const rest of parts(left - first, places - 1)) yield [first, ...rest];
    }
  };
  for (const shares of parts(steps, arms)) {
    if (shares.filter((share) => share > 0).length > 1) yield shares.map((share) => share / steps);
  }
}

/**
 * The weights with the best mean nDCG@10 over the judged queries, on a grid of tenths. Every single arm is a candidate, so a weak
 * arm gets no weight where it does not help. Without a judged query: the first arm alone.
 * @returns weights that sum to 1, and what they reach on these queries (the gate measures on others)
 */
export function learnFusion(queries: readonly JudgedArms[]): { weights: number[]; ndcg10: number } {
  const arms = queries[0]?.arms.length ?? 1;
  let best: { weights: number[]; ndcg10: number } = {
    weights: Array.from({ length: arms }, (_, index) => (index === 0 ? 1 : 0)),
    ndcg10: 0,
  };
  // Finer steps among few arms: the grid has 11 points for two arms, 66 for three, 126 for six of them.
  const steps = arms <= 3 ? 10 : 4;
  for (const weights of simplex(arms, steps)) {
    let sum = 0;
    for (const query of queries) {
      const ranked = fuseArms(query.arms, weights).map(({ chunk }) => chunk);
      sum += ndcg(ranked, query.grades, 10);
    }
    const mean = queries.length === 0 ? 0 : sum / queries.length;
    if (mean > best.ndcg10 + 1e-9) best = { weights, ndcg10: mean };
  }
  return best;
}

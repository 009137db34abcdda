import { type FeatureScale, measureScale, standardise } from "./feature-scale.ts";
import { runSteps } from "./run-steps.ts";
import { solvePositiveDefinite } from "./solve-linear.ts";

/** The chunks of one query that somebody judged. */
export interface JudgedQuery {
  /** One row per chunk; all rows have the features in the same places. NaN is a feature of no value. */
  features: readonly (readonly number[])[];
  /** How relevant each chunk is, from 0. */
  grades: readonly number[];
  /** 1 by default; less for a query that is known less surely. */
  weight?: number;
}

/** A ranker that is a weighted sum of features. Plain data: it is stored and served as it is. */
export interface LinearRanker {
  kind: "linear";
  scale: FeatureScale;
  /** Per feature, in standard deviations. */
  weights: number[];
}

export interface PairwiseOptions {
  /** Strength of the prior that every weight is 0, in pairs; default 1. */
  ridge?: number;
}

const MAXIMUM_STEPS = 50;

/**
 * Logistic regression on pairs of one query (a more and a less relevant chunk), each query counting the same however many pairs it has.
 * The ranker for up to some 1,000 judged queries. By Newton's method with a ridge; what it returns does not depend on order or chance.
 * Without a pair all weights are 0.
 */
export function learnPairwise(queries: readonly JudgedQuery[], options: PairwiseOptions = {}): LinearRanker {
  return runSteps(fitPairwise(queries, options));
}

/** The same in steps, one of Newton's each, for a caller who has other things to do in between. */
export function* fitPairwise(
  queries: readonly JudgedQuery[],
  { ridge = 1 }: PairwiseOptions = {},
): Generator<void, LinearRanker> {
  const features = queries[0]?.features[0]?.length ?? 0;
  const scale = measureScale(
    queries.flatMap((query) => query.features),
    features,
  );
  const { differences, weights: pairWeights } = pairsOf(queries, scale, features);
  yield;
  let weights = new Float64Array(features);
  for (let step = 0; step < MAXIMUM_STEPS && pairWeights.length > 0; step += 1) {
    const gradient = weights.map((weight) => -ridge * weight);
    const hessian = new Float64Array(features * features);
    for (let index = 0; index < features; index += 1) hessian[index * features + index] = ridge;
    for (let pair = 0; pair < pairWeights.length; pair += 1) {
      const base = pair * features;
      const weight = pairWeights[pair] as number;
      let margin = 0;
      for (let index = 0; index < features; index += 1)
        margin += (weights[index] as number) * (differences[base + index] as number);
      const wrong = 1 / (1 + Math.exp(margin));
      const curvature = weight * wrong * (1 - wrong);
      for (let row = 0; row < features; row += 1) {
        const value = differences[base + row] as number;
        (gradient[row] as number) += weight * wrong * value;
        if (value === 0) continue;
        for (let column = 0; column <= row; column += 1) {
          (hessian[row * features + column] as number) +=
            curvature * value * (differences[base + column] as number);
        }
      }
    }
    const [move = new Float64Array(features)] = solvePositiveDefinite(hessian, [gradient]);
    weights = weights.map((weight, index) => weight + (move[index] as number));
    if (move.every((value) => Math.abs(value) < 1e-9)) break;
    yield;
  }
  return { kind: "linear", scale, weights: [...weights] };
}

/** Row of the better chunk less row of the worse one, one pair after the other, and what each pair weighs. */
function pairsOf(
  queries: readonly JudgedQuery[],
  scale: FeatureScale,
  features: number,
): { differences: Float64Array; weights: Float64Array } {
  const numbers = queries.map(({ grades }) => {
    let pairs = 0;
    for (const grade of grades) if (grade > 0) for (const other of grades) if (grade > other) pairs += 1;
    return pairs;
  });
  const count = numbers.reduce((sum, pairs) => sum + pairs, 0);
  const differences = new Float64Array(count * features);
  const weights = new Float64Array(count);
  let pair = 0;
  for (const [place, query] of queries.entries()) {
    if (numbers[place] === 0) continue;
    const rows = query.features.map((row) => standardise(row, scale));
    for (const [better, grade] of query.grades.entries()) {
      if (grade <= 0) continue;
      for (const [worse, other] of query.grades.entries()) {
        if (!(grade > other)) continue;
        const [high, low] = [rows[better] as Float64Array, rows[worse] as Float64Array];
        for (let index = 0; index < features; index += 1)
          differences[pair * features + index] = (high[index] as number) - (low[index] as number);
        weights[pair] = (query.weight ?? 1) / (numbers[place] as number);
        pair += 1;
      }
    }
  }
  return { differences, weights };
}

export function scoreLinear(ranker: LinearRanker, row: readonly number[]): number {
  const standard = standardise(row, ranker.scale);
  let sum = 0;
  for (const [index, weight] of ranker.weights.entries()) sum += weight * (standard[index] as number);
  return sum;
}

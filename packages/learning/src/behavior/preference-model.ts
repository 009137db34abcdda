/** One judgement: which of two answers to the same input is better. */
export interface JudgedAnswers {
  /** Of both answers, equally long: an embedding, or anything else that is measured. */
  a: readonly number[];
  b: readonly number[];
  /** Lengths of the answers, in characters or tokens. */
  lengthA: number;
  lengthB: number;
  preferred: "A" | "B";
  /** How much it counts; default 1. */
  weight?: number | undefined;
}

/** What makes an answer preferred. */
export interface PreferenceModel {
  /** Per feature, in logits per unit. */
  weights: number[];
  /** Logits that an answer e times as long gains for its length alone; no part of a score. */
  lengthWeight: number;
  /** Logits that answer A gains for being A alone; no part of a score. */
  positionWeight: number;
  /** Logits of an answer with these features at equal length: higher is preferred. */
  score(features: readonly number[]): number;
  /** Probability that the first is preferred, at equal length and without a position. */
  probability(first: readonly number[], second: readonly number[]): number;
}

/**
 * Logistic regression on the differences of features, with the difference of ln(1 + length) and the position as controls, so that a
 * liking for long answers, or for those on the left, is not taken for what the features mean. Penalised maximum likelihood by Newton's
 * method: the ridge `penalty` / 2 times the squared weights of features and length; the position is barely held.
 * @throws RangeError where pairs have features of different lengths
 */
export function fitPreferenceModel(
  pairs: readonly JudgedAnswers[],
  options: { penalty?: number } = {},
): PreferenceModel {
  const { penalty = 1 } = options;
  const features = pairs[0]?.a.length ?? 0;
  if (pairs.some(({ a, b }) => a.length !== features || b.length !== features))
    throw new RangeError("all answers must have the same number of features");
  const size = features + 2;
  const rows = pairs.map(({ a, b, lengthA, lengthB }) => [
    ...a.map((value, i) => value - (b[i] as number)),
    Math.log1p(lengthA) - Math.log1p(lengthB),
    1,
  ]);
  const penalties = Array.from({ length: size }, (_, i) => (i === size - 1 ? 0.01 : penalty));
  let weights = Array.from({ length: size }, () => 0);
  let objective = objectiveOf(weights, rows, pairs, penalties);
  for (let round = 0; round < 100; round += 1) {
    const step = newtonStep(weights, rows, pairs, penalties);
    // Halved until it helps: Newton's method alone may overshoot.
    let scale = 1;
    let next = weights;
    let after = objective;
    for (; scale > 1e-6; scale /= 2) {
      const factor = scale;
      next = weights.map((weight, i) => weight - factor * (step[i] as number));
      after = objectiveOf(next, rows, pairs, penalties);
      if (after <= objective) break;
    }
    const change = Math.max(...step.map(Math.abs)) * scale;
    weights = next;
    objective = after;
    if (change < 1e-10) break;
  }
  const learned = weights.slice(0, features);
  const score = (values: readonly number[]): number =>
    learned.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);
  return {
    weights: learned,
    lengthWeight: weights[features] as number,
    positionWeight: weights[features + 1] as number,
    score,
    probability: (first, second) => logistic(score(first) - score(second)),
  };
}

function logistic(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
}

function objectiveOf(
  weights: readonly number[],
  rows: readonly number[][],
  pairs: readonly JudgedAnswers[],
  penalties: readonly number[],
): number {
  const held = weights.reduce((sum, w, i) => sum + ((penalties[i] as number) / 2) * w * w, 0);
  return rows.reduce((sum, row, k) => {
    const { preferred, weight = 1 } = pairs[k] as JudgedAnswers;
    const margin = dot(weights, row) * (preferred === "A" ? 1 : -1);
    return (
      sum + weight * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin)
    );
  }, held);
}

function newtonStep(
  weights: readonly number[],
  rows: readonly number[][],
  pairs: readonly JudgedAnswers[],
  penalties: readonly number[],
): number[] {
  const gradient = weights.map((weight, i) => (penalties[i] as number) * weight);
  const hessian = penalties.map((held, i) => penalties.map((_, j) => (i === j ? held : 0)));
  rows.forEach((row, k) => {
    const { preferred, weight = 1 } = pairs[k] as JudgedAnswers;
    const p = logistic(dot(weights, row));
    const error = weight * (p - (preferred === "A" ? 1 : 0));
    const curvature = weight * p * (1 - p);
    row.forEach((x, i) => {
      gradient[i] = (gradient[i] as number) + error * x;
      const line = hessian[i] as number[];
      for (let j = 0; j <= i; j += 1) line[j] = (line[j] as number) + curvature * x * (row[j] as number);
    });
  });
  return solveByCholesky(hessian, gradient);
}

/** Solves a x = b of a positive definite matrix, of which the lower triangle is read. */
function solveByCholesky(a: readonly number[][], b: readonly number[]): number[] {
  const n = b.length;
  const lower = a.map((row) => [...row]);
  const at = (i: number, j: number): number => (lower[i] as number[])[j] as number;
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = at(i, j);
      for (let k = 0; k < j; k += 1) sum -= at(i, k) * at(j, k);
      (lower[i] as number[])[j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  const x = [...b];
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] as number) - at(i, k) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i] = (x[i] as number) - at(k, i) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  return x;
}

import type { Random } from "../ports.ts";
import { solvePositiveDefinite } from "./solve-linear.ts";

/** A query and a text that answers it, as vectors of unit length. */
export interface EmbeddedPair {
  query: ArrayLike<number>;
  text: ArrayLike<number>;
}

/**
 * A linear map of query vectors; texts keep theirs, so nothing is embedded again. Null is the identity, always a candidate. Plain data.
 */
export interface QueryAdapter {
  kind: "adapter";
  dimension: number;
  /** Rows one after the other; null for the identity. */
  matrix: number[] | null;
}

export const IDENTITY_ADAPTER = (dimension: number): QueryAdapter => ({
  kind: "adapter",
  dimension,
  matrix: null,
});

/** The adapted query at unit length. @throws RangeError for a vector of another dimension */
export function adaptQuery({ dimension, matrix }: QueryAdapter, query: ArrayLike<number>): Float64Array {
  if (query.length !== dimension)
    throw new RangeError(`The adapter is for vectors of ${dimension} numbers, not of ${query.length}.`);
  const moved =
    matrix === null
      ? Float64Array.from(query)
      : Float64Array.from({ length: dimension }, (_, row) => {
          let sum = 0;
          for (let column = 0; column < dimension; column += 1)
            sum += (matrix[row * dimension + column] as number) * (query[column] as number);
          return sum;
        });
  return unit(moved);
}

function unit(vector: Float64Array): Float64Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/**
 * Ridge regression towards the identity, for fewer than some 200 labelled queries: the matrix W that minimises
 * Σ |W·q − d|² + ridge·|W − I|². A strong ridge keeps what the embedder knows.
 */
export function learnRidgeAdapter(pairs: readonly EmbeddedPair[], ridge: number): QueryAdapter {
  const dimension = pairs[0]?.query.length ?? 0;
  if (!(ridge > 0)) throw new RangeError(`The ridge is above 0, not ${ridge}.`);
  // W = (Σ d·qᵀ + ridge·I)(Σ q·qᵀ + ridge·I)⁻¹; its rows solve the same system with another right side.
  const gram = new Float64Array(dimension * dimension);
  const right = Array.from({ length: dimension }, () => new Float64Array(dimension));
  for (let index = 0; index < dimension; index += 1) {
    gram[index * dimension + index] = ridge;
    (right[index] as Float64Array)[index] = ridge;
  }
  for (const { query, text } of pairs) {
    for (let row = 0; row < dimension; row += 1) {
      const [ofQuery, ofText] = [query[row] as number, text[row] as number];
      const target = right[row] as Float64Array;
      for (let column = 0; column < dimension; column += 1) {
        const other = query[column] as number;
        (gram[row * dimension + column] as number) += ofQuery * other;
        (target[column] as number) += ofText * other;
      }
    }
  }
  const rows = solvePositiveDefinite(gram, right);
  return { kind: "adapter", dimension, matrix: rows.flatMap((row) => [...row]) };
}

export interface ContrastiveOptions {
  random: Random;
  /** Passes over the pairs; default 20. */
  passes?: number;
  /** Pairs that are each other's wrong answers; default 32. */
  batch?: number;
  /** Default .05. */
  temperature?: number;
  /** Default .05. */
  learningRate?: number;
  signal?: AbortSignal | undefined;
}

/**
 * InfoNCE (van den Oord et al. 2018) for more than some 400 labelled queries: each adapted query is to be nearer to its text than to
 * the other texts of its batch. Gradient descent from the identity; the same stream gives the same matrix.
 */
export function learnContrastiveAdapter(
  pairs: readonly EmbeddedPair[],
  { random, passes = 20, batch = 32, temperature = 0.05, learningRate = 0.05, signal }: ContrastiveOptions,
): QueryAdapter {
  const dimension = pairs[0]?.query.length ?? 0;
  const matrix = new Float64Array(dimension * dimension);
  for (let index = 0; index < dimension; index += 1) matrix[index * dimension + index] = 1;
  for (let pass = 0; pass < passes; pass += 1) {
    signal?.throwIfAborted();
    const draw = random.fork(`pass ${pass}`);
    const order = pairs
      .map((pair) => ({ pair, key: draw.next() }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ pair }) => pair);
    for (let start = 0; start + 1 < order.length; start += batch) {
      contrastiveStep(matrix, dimension, order.slice(start, start + batch), temperature, learningRate);
    }
  }
  return { kind: "adapter", dimension, matrix: [...matrix] };
}

function contrastiveStep(
  matrix: Float64Array,
  dimension: number,
  pairs: readonly EmbeddedPair[],
  temperature: number,
  learningRate: number,
): void {
  const gradient = new Float64Array(matrix.length);
  for (const [own, { query }] of pairs.entries()) {
    const moved = Float64Array.from({ length: dimension }, (_, row) => {
      let sum = 0;
      for (let column = 0; column < dimension; column += 1)
        sum += (matrix[row * dimension + column] as number) * (query[column] as number);
      return sum;
    });
    const length = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0)) || 1;
    const direction = moved.map((value) => value / length);
    const similarity = pairs.map(({ text }) => {
      let sum = 0;
      for (let index = 0; index < dimension; index += 1)
        sum += (direction[index] as number) * (text[index] as number);
      return sum / temperature;
    });
    const highest = Math.max(...similarity);
    const likelihood = similarity.map((value) => Math.exp(value - highest));
    const total = likelihood.reduce((sum, value) => sum + value, 0);
    // Gradient of the loss in the direction: Σ p·text − own text, over the temperature; then through the division by the length.
    const pull = new Float64Array(dimension);
    for (const [other, { text }] of pairs.entries()) {
      const weight = ((likelihood[other] as number) / total - (other === own ? 1 : 0)) / temperature;
      for (let index = 0; index < dimension; index += 1)
        (pull[index] as number) += weight * (text[index] as number);
    }
    let along = 0;
    for (let index = 0; index < dimension; index += 1)
      along += (pull[index] as number) * (direction[index] as number);
    for (let row = 0; row < dimension; row += 1) {
      const slope = ((pull[row] as number) - along * (direction[row] as number)) / length / pairs.length;
      for (let column = 0; column < dimension; column += 1)
        (gradient[row * dimension + column] as number) += slope * (query[column] as number);
    }
  }
  for (let index = 0; index < matrix.length; index += 1)
    (matrix[index] as number) -= learningRate * (gradient[index] as number);
}

import type { Random } from "../../ports.ts";
import { ndcg } from "../ranking-metrics.ts";
import type { JudgedQuery } from "../pairwise-logistic.ts";
import { runSteps } from "../run-steps.ts";
import { binFeatures } from "./bin-features.ts";
import { growTree, readTree, type Tree } from "./grow-tree.ts";
import { lambdaGradients, queryRange, type QueryRange } from "./lambda-gradients.ts";

/** A ranker that is a sum of trees. Plain data: it is stored and served as it is. */
export interface TreeRanker {
  kind: "trees";
  trees: Tree[];
}

export interface LambdaMartOptions {
  random: Random;
  /** Default 100; fewer where `validation` says so. */
  trees?: number;
  /** Default 31. */
  leaves?: number;
  /** Default .1. */
  learningRate?: number;
  /** Default 20. */
  minimumRows?: number;
  /** Default .001. */
  minimumHessian?: number;
  /** Default 0. */
  ridge?: number;
  /** Ranks above which a pair has its upper chunk to count; default 30. */
  truncation?: number;
  /** Share of the queries that each tree sees; default 1. */
  queryShare?: number;
  /** Share of the features that each tree sees; default 1. */
  featureShare?: number;
  /** Queries that no tree is grown on: the trees up to their best nDCG@10 are kept. */
  validation?: readonly JudgedQuery[];
  /** Trees without a better value on `validation` before it stops; default 30. */
  patience?: number;
  signal?: AbortSignal | undefined;
  onTree?: (done: number, trees: number) => void;
}

/** Mean nDCG@10 (2^grade − 1) of rows with these scores. */
function validationScore(queries: readonly JudgedQuery[], scores: readonly Float64Array[]): number {
  let sum = 0;
  for (const [index, { grades }] of queries.entries()) {
    const own = scores[index] as Float64Array;
    const ranked = grades
      .map((_grade, row) => row)
      .toSorted((a, b) => (own[b] as number) - (own[a] as number) || a - b);
    sum += ndcg(
      ranked.map(String),
      new Map(grades.map((grade, row) => [String(row), grade])),
      10,
      "exponential",
    );
  }
  return sum / (queries.length || 1);
}

/** The rows of these queries. */
function rowsOf(ranges: readonly QueryRange[]): Int32Array {
  const rows = new Int32Array(ranges.reduce((sum, { count }) => sum + count, 0));
  let place = 0;
  for (const { start, count } of ranges)
    for (let row = start; row < start + count; row += 1) rows[place++] = row;
  return rows;
}

/**
 * LambdaMART (Burges 2010): gradient boosting of regression trees on LambdaRank's gradients. The ranker above some 1,000 judged
 * queries. The same random stream gives the same trees.
 * @throws the signal's reason when it is aborted between two trees
 */
export function learnLambdaMart(queries: readonly JudgedQuery[], options: LambdaMartOptions): TreeRanker {
  return runSteps(growLambdaMart(queries, options));
}

/** The same in steps, a tree each, for a caller who has other things to do in between. */
export function* growLambdaMart(
  queries: readonly JudgedQuery[],
  options: LambdaMartOptions,
): Generator<void, TreeRanker> {
  const { random, trees = 100, truncation = 30, queryShare = 1, featureShare = 1, patience = 30 } = options;
  const grow = {
    leaves: options.leaves ?? 31,
    learningRate: options.learningRate ?? 0.1,
    minimumRows: options.minimumRows ?? 20,
    minimumHessian: options.minimumHessian ?? 1e-3,
    ridge: options.ridge ?? 0,
  };
  const rows = queries.flatMap((query) => query.features);
  const grades = Float64Array.from(queries.flatMap((query) => query.grades));
  const ranges: QueryRange[] = [];
  let start = 0;
  for (const { features } of queries) {
    ranges.push(queryRange(start, features.length));
    start += features.length;
  }
  const allRows = rowsOf(ranges);
  const width = rows[0]?.length ?? 0;
  const data = binFeatures(rows, width);
  const scores = new Float64Array(rows.length);
  const gradients = new Float64Array(rows.length);
  const hessians = new Float64Array(rows.length);
  const validation = options.validation ?? [];
  const validationScores = validation.map(({ features }) => new Float64Array(features.length));
  const made: Tree[] = [];
  let best = { score: -Infinity, trees: 0 };
  for (let tree = 0; tree < trees && rows.length > 0; tree += 1) {
    options.signal?.throwIfAborted();
    const draw = random.fork(`tree ${tree}`);
    for (const [index, range] of ranges.entries()) {
      lambdaGradients(range, grades, scores, truncation, gradients, hessians);
      const weight = queries[index]?.weight ?? 1;
      if (weight === 1) continue;
      for (let row = range.start; row < range.start + range.count; row += 1) {
        (gradients[row] as number) *= weight;
        (hessians[row] as number) *= weight;
      }
    }
    const chosenRows = queryShare >= 1 ? allRows : rowsOf(ranges.filter(() => draw.next() < queryShare));
    const features = Array.from({ length: width }, (_, feature) => feature).filter(
      () => featureShare >= 1 || draw.next() < featureShare,
    );
    if (chosenRows.length === 0 || features.length === 0) continue;
    const grown = growTree(data, chosenRows, features, gradients, hessians, grow);
    const { tree: own, leaves } = grown;
    made.push(own);
    if (chosenRows.length === rows.length) {
      for (const { node, rows: members } of leaves)
        for (const row of members) (scores[row] as number) += own.value[node] as number;
    } else {
      for (const [row, values] of rows.entries()) (scores[row] as number) += readTree(own, values);
    }
    options.onTree?.(tree + 1, trees);
    yield;
    if (validation.length === 0) continue;
    for (const [index, { features: held }] of validation.entries()) {
      const target = validationScores[index] as Float64Array;
      for (const [row, values] of held.entries()) (target[row] as number) += readTree(own, values);
    }
    const score = validationScore(validation, validationScores);
    if (score > best.score) best = { score, trees: made.length };
    if (made.length - best.trees >= patience) break;
  }
  return { kind: "trees", trees: validation.length === 0 ? made : made.slice(0, best.trees) };
}

export function scoreTrees({ trees }: TreeRanker, row: ArrayLike<number>): number {
  let sum = 0;
  for (const tree of trees) sum += readTree(tree, row);
  return sum;
}

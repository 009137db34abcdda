import { describe, expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { learnPairwise, scoreLinear, type JudgedQuery } from "../pairwise-logistic.ts";
import { ndcg } from "../ranking-metrics.ts";
import { binFeatures } from "./bin-features.ts";
import { growTree, readTree } from "./grow-tree.ts";
import { lambdaGradients, queryRange } from "./lambda-gradients.ts";
import { learnLambdaMart, scoreTrees } from "./learn-lambdamart.ts";

/** Relevance is an exclusive or of two features, which no weighted sum can rank. */
function queries(count: number, seed: string): JudgedQuery[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const features = Array.from({ length: 10 }, () => [random.next(), random.next(), random.next()]);
    return { features, grades: features.map(([one = 0, other = 0]) => (one > 0.5 !== other > 0.5 ? 1 : 0)) };
  });
}
function quality(list: readonly JudgedQuery[], score: (row: readonly number[]) => number): number {
  let sum = 0;
  for (const { features, grades } of list) {
    const ranked = grades
      .map((_, row) => row)
      .toSorted((a, b) => score(features[b] ?? []) - score(features[a] ?? []));
    sum += ndcg(ranked.map(String), new Map(grades.map((grade, row) => [String(row), grade])), 5);
  }
  return sum / list.length;
}

describe("learnLambdaMart", () => {
  const train = queries(80, "train");
  const held = queries(60, "held out");
  const options = { trees: 40, leaves: 8, random: createRandom(1) };

  test("ranks by what a weighted sum cannot see", () => {
    const ranker = learnLambdaMart(train, options);
    const linear = learnPairwise(train);
    expect(quality(held, (row) => scoreLinear(linear, row))).toBeLessThan(0.75);
    expect(quality(held, (row) => scoreTrees(ranker, row))).toBeGreaterThan(0.95);
  });

  test("is the same for the same stream, and plain data", () => {
    const shares = { ...options, queryShare: 0.7, featureShare: 0.7 };
    const one = learnLambdaMart(train, { ...shares, random: createRandom(5) });
    const other = learnLambdaMart(train, { ...shares, random: createRandom(5) });
    expect(other).toEqual(one);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    expect(learnLambdaMart(train, { ...shares, random: createRandom(6) })).not.toEqual(one);
  });

  test("keeps the trees up to the best validation, and stops when it gets no better", () => {
    const noise = train.map((query, index) => ({
      ...query,
      grades: held[index % held.length]?.grades ?? [],
    }));
    let grown = 0;
    const ranker = learnLambdaMart(noise, {
      ...options,
      trees: 200,
      validation: held,
      patience: 5,
      onTree: (done) => (grown = done),
    });
    expect(grown).toBeLessThan(100);
    expect(ranker.trees.length).toBeLessThanOrEqual(grown - 5);
  });

  test("ends at an abort, and copes with nothing to learn", () => {
    expect(() =>
      learnLambdaMart(train, { ...options, signal: AbortSignal.abort(new Error("stop")) }),
    ).toThrow("stop");
    expect(learnLambdaMart([], options).trees).toEqual([]);
    const same = learnLambdaMart([{ features: [[1], [2]], grades: [1, 1] }], options);
    expect(scoreTrees(same, [1])).toBe(0);
  });
});

describe("lambdaGradients", () => {
  test("push the better chunk up and the worse down, by the same", () => {
    const [gradients, hessians] = [new Float64Array(3), new Float64Array(3)];
    lambdaGradients(queryRange(0, 3), [0, 1, 0], new Float64Array(3), 30, gradients, hessians);
    expect(gradients[1]).toBeLessThan(0);
    expect(gradients[0]).toBeGreaterThan(0);
    expect([...gradients].reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    for (const value of hessians) expect(value).toBeGreaterThan(0);
  });

  test("a value worked out by hand: two chunks of equal score", () => {
    const [gradients, hessians] = [new Float64Array(2), new Float64Array(2)];
    lambdaGradients(queryRange(0, 2), [0, 1], new Float64Array(2), 30, gradients, hessians);
    // |ΔnDCG| = 1 − 1/log2 3; λ = half of it, scaled by log2(1 + 2λ)/2λ.
    const change = 1 - 1 / Math.log2(3);
    expect(gradients[1]).toBeCloseTo((-change / 2) * (Math.log2(1 + change) / change), 12);
    expect(hessians[1]).toBeCloseTo((change / 4) * (Math.log2(1 + change) / change), 12);
  });
});

describe("growTree", () => {
  test("splits where the gradient changes, keeps leaves large enough, and sends what has no value left", () => {
    const rows = Array.from({ length: 40 }, (_, index) => [index]);
    const gradients = Float64Array.from(rows, (_, index) => (index < 15 ? 1 : -1));
    const { tree } = growTree(
      binFeatures(rows, 1),
      Int32Array.from(rows.keys()),
      [0],
      gradients,
      new Float64Array(40).fill(1),
      { leaves: 2, minimumRows: 5, minimumHessian: 0, ridge: 0, learningRate: 1 },
    );
    expect(tree.threshold[0]).toBe(14.5);
    expect([3, 20, Number.NaN].map((value) => readTree(tree, [value]))).toEqual([-1, 1, -1]);
  });

  test("many values fall into at most 255 bins that keep their order", () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => [index ** 2]);
    const { bins, bounds } = binFeatures(rows, 1);
    expect(bounds[0]?.length).toBeLessThan(255);
    expect([...(bins[0] ?? [])]).toEqual([...(bins[0] ?? [])].toSorted((one, other) => one - other));
    expect(new Set(bins[0]).size).toBeGreaterThan(200);
  });
});

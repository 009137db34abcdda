import { SeededRandom } from "@agent-learning/statistics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JudgedQuery, learnPairwise, scoreLinear } from "./pairwise-logistic.ts";
import { solvePositiveDefinite } from "./solve-linear.ts";

/** Relevance follows 2·first − second; the third feature is noise, the fourth never varies. */
function queries(count: number, seed: string): JudgedQuery[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const features = Array.from({ length: 8 }, () => [
      random.uniform() * 100,
      random.uniform() * 100,
      random.uniform(),
      5,
    ]);
    const utility = features.map(([one = 0, other = 0]) => 2 * one - other + 40 * (random.uniform() - 0.5));
    const best = utility.indexOf(Math.max(...utility));
    return { features, grades: utility.map((_value, index) => (index === best ? 1 : 0)) };
  });
}

describe("learnPairwise", () => {
  test("finds the direction of relevance, and that noise has none", () => {
    const { weights } = learnPairwise(queries(400, "train"));
    const [first = 0, second = 0, noise = 0, constant = 0] = weights;
    expect(first / -second).toBeGreaterThan(1.6);
    expect(first / -second).toBeLessThan(2.5);
    expect(Math.abs(noise)).toBeLessThan(0.15 * first);
    expect(constant).toBe(0);
  });

  test("satisfies its own equation: the gradient is 0", () => {
    const data = queries(50, "gradient");
    const ridge = 0.5;
    const ranker = learnPairwise(data, { ridge });
    const objective = (weights: number[]): number => {
      let sum = 0;
      for (const { features, grades } of data) {
        const scores = features.map((row) => scoreLinear({ ...ranker, weights }, row));
        const best = grades.indexOf(1);
        for (const [index, grade] of grades.entries())
          if (grade === 0) sum += Math.log(1 + Math.exp((scores[index] ?? 0) - (scores[best] ?? 0))) / 7;
      }
      return sum + (ridge / 2) * weights.reduce((total, weight) => total + weight ** 2, 0);
    };
    for (const index of [0, 1, 2]) {
      const moved = (by: number) => ranker.weights.map((weight, at) => (at === index ? weight + by : weight));
      expect(Math.abs(objective(moved(1e-5)) - objective(moved(-1e-5))) / 2e-5).toBeLessThan(1e-5);
    }
  });

  test("a feature of no value moves nothing", () => {
    const ranker = learnPairwise(queries(100, "missing"));
    const mean = ranker.scale.means;
    expect(scoreLinear(ranker, [Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toBeCloseTo(
      scoreLinear(ranker, mean),
      9,
    );
  });

  test("says nothing without a pair", () => {
    expect(learnPairwise([]).weights).toEqual([]);
    expect(learnPairwise([{ features: [[1], [2]], grades: [1, 1] }]).weights).toEqual([0]);
  });
});

test("solvePositiveDefinite solves", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 }), {
        minLength: 4,
        maxLength: 4,
      }),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }),
      (root, right) => {
        const matrix = Float64Array.from({ length: 16 }, (_, place) => {
          const [row, column] = [Math.floor(place / 4), place % 4];
          return root.reduce(
            (sum, each) => sum + (each[row] ?? 0) * (each[column] ?? 0),
            row === column ? 1 : 0,
          );
        });
        const kept = matrix.slice();
        const [x = []] = solvePositiveDefinite(matrix, [Float64Array.from(right)]);
        for (const [row, expected] of right.entries()) {
          let sum = 0;
          for (let column = 0; column < 4; column += 1)
            sum += (kept[row * 4 + column] ?? 0) * (x[column] ?? 0);
          expect(sum).toBeCloseTo(expected, 8);
        }
      },
    ),
  );
  expect(() => solvePositiveDefinite(Float64Array.of(0), [Float64Array.of(1)])).toThrow(/positive definite/);
});

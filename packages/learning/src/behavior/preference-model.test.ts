import { randomNormal, SeededRandom } from "@agent-learning/statistics";
import { expect, test } from "vitest";
import { fitPreferenceModel, type JudgedAnswers } from "./preference-model.ts";

/** Pairs judged by a person with these weights. */
function judged(
  count: number,
  truth: { weights: readonly number[]; length: number; position: number },
): JudgedAnswers[] {
  const random = new SeededRandom("preferences");
  const features = (): number[] => truth.weights.map(() => randomNormal(random));
  return Array.from({ length: count }, (): JudgedAnswers => {
    const [a, b] = [features(), features()];
    // Long answers are also the ones with more of the first feature.
    const lengthOf = (of: number[]): number => Math.exp(4 + (of[0] ?? 0) + randomNormal(random) / 2);
    const [lengthA, lengthB] = [lengthOf(a), lengthOf(b)];
    const logit =
      truth.weights.reduce((sum, w, i) => sum + w * ((a[i] ?? 0) - (b[i] ?? 0)), 0) +
      truth.length * (Math.log1p(lengthA) - Math.log1p(lengthB)) +
      truth.position;
    return { a, b, lengthA, lengthB, preferred: random.uniform() < 1 / (1 + Math.exp(-logit)) ? "A" : "B" };
  });
}

test("recovers what was preferred, and tells it from a liking for length and for the left", () => {
  const model = fitPreferenceModel(judged(4_000, { weights: [0, 1.5, -0.7], length: 1, position: 0.4 }));
  [0, 1.5, -0.7].forEach((weight, i) => expect(Math.abs((model.weights[i] ?? 9) - weight)).toBeLessThan(0.2));
  expect(Math.abs(model.lengthWeight - 1)).toBeLessThan(0.2);
  expect(Math.abs(model.positionWeight - 0.4)).toBeLessThan(0.15);
  expect(model.score([0, 1, 0])).toBeGreaterThan(model.score([0, 0, 1]));
  expect(model.probability([0, 1, 0], [0, 0, 0]) + model.probability([0, 0, 0], [0, 1, 0])).toBeCloseTo(
    1,
    12,
  );
});

test("the fit is where the penalised likelihood is flat", () => {
  // One feature, one pair: the position takes part too; by symmetry both pairs leave it at 0. w = 2 (1 - p) at penalty 1.
  const pair = { lengthA: 5, lengthB: 5 };
  const model = fitPreferenceModel([
    { ...pair, a: [1], b: [0], preferred: "A" },
    { ...pair, a: [0], b: [1], preferred: "B" },
  ]);
  const w = model.weights[0] ?? 0;
  expect(w).toBeCloseTo(2 / (1 + Math.exp(w)), 8);
  expect(model.positionWeight).toBeCloseTo(0, 10);
  expect(model.lengthWeight).toBe(0);
});

test("stays finite on pairs that one feature tells apart, and says nothing without pairs", () => {
  const pairs = Array.from({ length: 50 }, (): JudgedAnswers => {
    return { a: [100], b: [-100], lengthA: 1, lengthB: 1e9, preferred: "A" };
  });
  const model = fitPreferenceModel(pairs);
  expect(Number.isFinite(model.weights[0])).toBe(true);
  expect(model.probability([100], [-100])).toBeGreaterThan(0.5);
  expect(fitPreferenceModel([]).score([])).toBe(0);
  expect(() => fitPreferenceModel([{ a: [1], b: [], lengthA: 1, lengthB: 1, preferred: "A" }])).toThrow(
    "same number",
  );
});

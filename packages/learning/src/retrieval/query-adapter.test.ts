import { SeededRandom, randomNormal } from "@agent-learning/statistics";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { adaptQuery, IDENTITY_ADAPTER, learnContrastiveAdapter, learnRidgeAdapter } from "./query-adapter.ts";

const DIMENSION = 12;

function unitVector(random: SeededRandom): number[] {
  const vector = Array.from({ length: DIMENSION }, () => randomNormal(random));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
/** Queries speak of their text in a language of their own: its first half mirrored, with noise. */
function pairs(count: number, seed: string) {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const text = unitVector(random);
    const query = text.map(
      (value, index) => (index < DIMENSION / 2 ? -value : value) + 0.15 * randomNormal(random),
    );
    const length = Math.hypot(...query);
    return { query: query.map((value) => value / length), text };
  });
}
/** Share of queries whose own text is the nearest of all. */
function accuracy(adapter: ReturnType<typeof learnRidgeAdapter>, list: ReturnType<typeof pairs>): number {
  const near = list.filter(({ query }, own) => {
    const moved = adaptQuery(adapter, query);
    const similarity = list.map(({ text }) =>
      text.reduce((sum, value, i) => sum + value * (moved[i] ?? 0), 0),
    );
    return similarity.indexOf(Math.max(...similarity)) === own;
  });
  return near.length / list.length;
}

describe("query adapters", () => {
  const held = pairs(100, "held out");
  const before = accuracy(IDENTITY_ADAPTER(DIMENSION), held);

  test("ridge learns the language of queries from few", () => {
    expect(before).toBeLessThan(0.2);
    expect(accuracy(learnRidgeAdapter(pairs(100, "few"), 1), held)).toBeGreaterThan(0.85);
  });

  test("ridge stays near the identity when it is strong", () => {
    const { matrix } = learnRidgeAdapter(pairs(50, "strong"), 1e6);
    for (const [place, value] of (matrix ?? []).entries()) {
      const isDiagonal = place % (DIMENSION + 1) === 0;
      expect(value).toBeCloseTo(isDiagonal ? 1 : 0, 3);
    }
  });

  test("the contrast learns it from many, and the same from the same stream", () => {
    const many = pairs(500, "many");
    const options = { random: createRandom(1), passes: 30, learningRate: 0.2 };
    const adapter = learnContrastiveAdapter(many, options);
    expect(accuracy(adapter, held)).toBeGreaterThan(0.85);
    expect(learnContrastiveAdapter(many, { ...options, random: createRandom(1) })).toEqual(adapter);
  });

  test("answers are of unit length, and another dimension is refused", () => {
    const adapted = adaptQuery(learnRidgeAdapter(pairs(20, "unit"), 1), held[0]?.query ?? []);
    expect(Math.hypot(...adapted)).toBeCloseTo(1, 12);
    expect(() => adaptQuery(IDENTITY_ADAPTER(3), [1, 0])).toThrow(/3 numbers, not of 2/);
    expect([...adaptQuery(IDENTITY_ADAPTER(2), [0, 0])]).toEqual([0, 0]);
  });
});

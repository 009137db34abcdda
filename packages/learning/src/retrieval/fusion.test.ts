import { SeededRandom } from "@agent-learning/statistics";
import { describe, expect, test } from "vitest";
import { fuseArms, minMax } from "./fuse-arms.ts";
import { learnFusion } from "./learn-fusion.ts";

const scores = (entries: Record<string, number>): Map<string, number> => new Map(Object.entries(entries));

describe("fuseArms", () => {
  test("values worked out by hand", () => {
    const one = scores({ a: 10, b: 5, c: 0 });
    const other = scores({ c: 0.9, d: 0.1 });
    expect(fuseArms([one, other], [0.6, 0.4])).toEqual([
      { chunk: "a", score: 0.6 },
      { chunk: "c", score: 0.4 },
      { chunk: "b", score: 0.3 },
      { chunk: "d", score: 0 },
    ]);
  });

  test("equal scores are all best, and no number is no opinion", () => {
    expect(minMax(scores({ a: 2, b: 2 }))).toEqual(scores({ a: 1, b: 1 }));
    expect(minMax(scores({ a: Number.NaN, b: 1, c: 2, d: Infinity }))).toEqual(scores({ b: 0, c: 1 }));
    expect(fuseArms([], [])).toEqual([]);
  });
});

describe("learnFusion", () => {
  /** `good` ranks the relevant chunk high, `noise` at random. */
  function queries(count: number) {
    const random = new SeededRandom("fusion");
    return Array.from({ length: count }, (_, query) => {
      const chunks = Array.from({ length: 20 }, (__, index) => `q${query}c${index}`);
      const arm = (boost: number, first: number) =>
        new Map(chunks.map((chunk, index) => [chunk, random.uniform() + (index === first ? boost : 0)]));
      // One good arm knows the odd queries, the other the even ones.
      const [odd, even] = query % 2 === 0 ? [0, 1] : [1, 0];
      return { arms: [arm(odd, 0), arm(even, 0), arm(0, 0)], grades: new Map([[chunks[0] as string, 1]]) };
    });
  }

  test("shares between two that know different things, and gives noise nothing", () => {
    const { weights, ndcg10 } = learnFusion(queries(200));
    expect(weights[0]).toBeGreaterThan(0.2);
    expect(weights[1]).toBeGreaterThan(0.2);
    expect(weights[2]).toBeLessThanOrEqual(0.2);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const alone = learnFusion(queries(200).map(({ arms, grades }) => ({ arms: [arms[0]!], grades })));
    expect(ndcg10).toBeGreaterThan(alone.ndcg10 + 0.05);
  });

  test("keeps a single arm where another adds nothing, and the first before any label", () => {
    const one = scores({ a: 2, b: 1, c: 0 });
    const same = [{ arms: [one, one], grades: new Map([["a", 1]]) }];
    expect(learnFusion(same)).toEqual({ weights: [1, 0], ndcg10: 1 });
    expect(learnFusion([])).toEqual({ weights: [1], ndcg10: 0 });
  });
});

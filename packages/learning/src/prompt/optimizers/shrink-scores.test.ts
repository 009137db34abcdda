import { describe, expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { trialsOf, type TrialSpec } from "../../testing/trials.ts";
import { shrinkScores } from "./shrink-scores.ts";

const repeat = (score: number, times: number): number[] => Array.from({ length: times }, () => score);

describe("shrinkScores", () => {
  test("leaves out what was not measured and keeps the seed's own mean", () => {
    const scores = shrinkScores(
      trialsOf([{ scores: [1, 0, 1, 0] }, { scores: [] }, { scores: [1, 1, 1, 0] }]),
    );
    expect(scores.map((entry) => entry.trial.origin)).toEqual(["seed", "test"]);
    expect(scores[0]?.mean).toBeCloseTo(0.5, 10);
    expect(scores[0]?.shrunk).toBeCloseTo(0.5, 10);
    expect(scores[1]?.mean).toBeCloseTo(0.75, 10);
  });

  test("a trial that met the easy rows only gets no credit for it", () => {
    // Rows 0–3 are easy for everyone, rows 4–7 hard; the last trial ran on easy rows only.
    const full = [1, 1, 1, 1, 0, 0, 0, 1];
    const [seed, , lucky] = shrinkScores(
      trialsOf([{ scores: full }, { scores: full }, { scores: [1, 1, 1, 1] }]),
    );
    expect(seed?.mean).toBeCloseTo(5 / 8, 6);
    expect(lucky?.mean).toBeLessThan(0.7);
  });

  test("ten equal candidates look alike after shrinking, however lucky the best was", () => {
    const random = createRandom("luck");
    const specs: TrialSpec[] = Array.from({ length: 11 }, (_, index) => ({
      size: index === 0 ? 0 : 40,
      scores: Array.from({ length: 40 }, () => (random.next() < 0.6 ? 1 : 0)),
    }));
    const learned = shrinkScores(trialsOf(specs)).slice(1);
    const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
    const raw = spread(learned.map((entry) => entry.mean));
    expect(raw).toBeGreaterThan(0.12);
    expect(spread(learned.map((entry) => entry.shrunk))).toBeLessThan(raw / 2);
  });

  test("a family that is really better stays better", () => {
    const good: TrialSpec[] = repeat(0, 4).map(() => ({
      size: 64,
      scores: [...repeat(1, 32), ...repeat(0, 8)],
    }));
    const poor: TrialSpec[] = repeat(0, 4).map(() => ({
      size: 4,
      scores: [...repeat(1, 12), ...repeat(0, 28)],
    }));
    const shrunk = shrinkScores(trialsOf([{ scores: repeat(0, 40) }, ...good, ...poor])).map(
      (entry) => entry.shrunk,
    );
    expect(Math.min(...shrunk.slice(1, 5))).toBeGreaterThan(Math.max(...shrunk.slice(5)) + 0.3);
  });

  test("the standard error falls with the rows", () => {
    const [few, many] = [10, 160].map((rows) => {
      const scores = Array.from({ length: rows }, (_, index) => index % 2);
      return shrinkScores(trialsOf([{ scores }]))[0]?.standardError ?? 0;
    }) as [number, number];
    expect(few / many).toBeGreaterThan(3);
  });
});

import { describe, expect, test } from "vitest";
import { trialsOf } from "../../testing/trials.ts";
import { selectBest } from "./select-best.ts";

const scores = (right: number, wrong: number): number[] => [
  ...Array.from({ length: right }, () => 1),
  ...Array.from({ length: wrong }, () => 0),
];

describe("selectBest", () => {
  test("the seed stays when nothing is expected to beat it", () => {
    const trials = trialsOf([
      { scores: scores(30, 10) },
      { scores: scores(20, 20) },
      { scores: scores(30, 10) },
    ]);
    const { best, finalists } = selectBest(trials);
    expect(best.origin).toBe("seed");
    expect(finalists).toEqual([]);
  });

  test("up to three finalists, best first", () => {
    const trials = trialsOf([
      { scores: scores(10, 30) },
      { size: 8, scores: scores(22, 18) },
      { size: 64, scores: scores(36, 4) },
      { size: 1, scores: scores(14, 26) },
      { size: 32, scores: scores(30, 10) },
    ]);
    const { best, finalists, ranking } = selectBest(trials);
    expect(best).toBe(trials[2]);
    expect(finalists).toHaveLength(3);
    expect(finalists[1]).toBe(trials[4]);
    expect(ranking.map((entry) => entry.trial).at(-1)).toBe(trials[0]);
  });

  test("of equal trials the one with the shorter prompt", () => {
    const trials = trialsOf([
      { scores: scores(10, 30) },
      { size: 8, promptTokens: 900, scores: scores(30, 10) },
      { size: 8, promptTokens: 300, scores: scores(30, 10) },
    ]);
    expect(selectBest(trials).best).toBe(trials[2]);
  });

  test("the built-in agent keeps the whole pool unless a smaller set proves better", () => {
    const specs = (smaller: number): Parameters<typeof trialsOf>[0] => [
      { scores: scores(10, 90) },
      { selection: "random", size: 64, scores: scores(smaller, 100 - smaller) },
      { selection: "all", size: 120, scores: scores(32, 68) },
    ];
    const [lucky, proven] = [trialsOf(specs(37), "demonstrations"), trialsOf(specs(60), "demonstrations")];
    expect(selectBest(lucky).best).toBe(lucky[2]);
    expect(selectBest(lucky).finalists).toEqual([lucky[2], lucky[1]]);
    expect(selectBest(proven).best).toBe(proven[1]);
  });

  test("a book whose seed was never measured keeps the seed", () => {
    const trials = trialsOf([{ scores: [] }, { scores: [1, 1] }]);
    expect(selectBest(trials).best).toBe(trials[0]);
  });

  test("needs the seed", () => {
    expect(() => selectBest([])).toThrow("seed");
  });
});

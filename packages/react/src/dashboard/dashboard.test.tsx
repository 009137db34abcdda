import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { describeLoop } from "./describe-loop.ts";
import { linesOf, Sparkline } from "./sparkline.tsx";

const stats = (change: object): Parameters<typeof describeLoop>[0] =>
  ({
    totalExamples: 10,
    pendingAnnotations: 0,
    annotationsToday: 0,
    activeExperiments: 0,
    activeRollouts: 0,
    runningTrainingJobs: 0,
    ...change,
  }) as never;

describe("describeLoop", () => {
  it.each([
    [{ totalExamples: 0 }, "Nothing to learn from yet: examples appear as your agents get feedback."],
    [{}, "Nothing waits for annotation; nothing is running."],
    [
      { pendingAnnotations: 1, annotationsToday: 3 },
      "1 annotation waits for you, 3 done today; nothing is running.",
    ],
    [
      { pendingAnnotations: 2, activeExperiments: 1, runningTrainingJobs: 2 },
      "2 annotations wait for you, 0 done today; running: 2 training jobs, 1 experiment.",
    ],
  ])("%j", (change, sentence) => {
    expect(describeLoop(stats(change))).toBe(sentence);
  });
});

describe("Sparkline", () => {
  it("does not join days across one that was not measured", () => {
    expect(linesOf([1, 2, null, 3], [1, 3]).map((line) => line.length)).toEqual([2, 1]);
  });

  it("keeps every value inside its frame, also when nothing varies", () => {
    for (const line of linesOf([5, 5, 5], [5, 5])) for (const { y } of line) expect(y).toBe(24);
    const [line = []] = linesOf([0, 1], [0, 1]);
    expect(line.map(({ y }) => y)).toEqual([44, 4]);
  });

  it("says in words where it begins and ends", () => {
    const days = [
      { day: "2026-01-01", value: 0.5 },
      { day: "2026-01-02", value: null },
      { day: "2026-01-03", value: 0.75 },
    ];
    const format = (value: number): string => `${100 * value} %`;
    expect(renderToString(<Sparkline label="Satisfaction" days={days} format={format} />)).toContain(
      "Satisfaction: 50 % on 2026-01-01, 75 % on 2026-01-03, 2 days with data",
    );
    expect(renderToString(<Sparkline label="x" days={[]} format={format} />)).toContain("No data");
  });
});

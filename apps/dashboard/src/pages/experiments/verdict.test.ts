import { describe, expect, it } from "vitest";
import type { ExperimentResults, MetricComparison } from "../../api/types.ts";
import { describeExperiment } from "./verdict.ts";

interface Setting {
  status?: string;
  decision?: string | null;
  health?: string;
  hours?: number;
  interval?: [estimate: number, lower: number, upper: number] | null;
  metric?: string;
  better?: "higher" | "lower";
}

function results({
  status = "running",
  decision = null,
  health = "healthy",
  hours = 200,
  interval = null,
  metric = "satisfaction",
  better = "higher",
}: Setting): ExperimentResults {
  const absolute =
    interval === null ? null : { estimate: interval[0], lower: interval[1], upper: interval[2] };
  return {
    experiment: {
      status,
      decision,
      minDurationHours: 168,
      primaryMetric: metric,
      additionalTreatments: [],
      winningArm: null,
      health: { status: health, reasons: ["The arms are not split as intended."] },
    },
    runningHours: hours,
    metrics: [{ metric, better, primary: true, absolute } as MetricComparison],
    harm: [],
  } as unknown as ExperimentResults;
}

describe("an experiment in plain English", () => {
  it.each<[string, Setting, string]>([
    ["a draft", { status: "draft" }, "Drafted: no user is in it until it is launched."],
    ["no data", {}, "There is not enough data yet to compare the arms."],
    [
      "a gain, early",
      { interval: [0.031, 0.01, 0.05], hours: 120 },
      "The treatment is better by 3.1 points of satisfaction. 2 d until a decision is allowed.",
    ],
    ["a loss", { interval: [-0.05, -0.08, -0.02] }, "The treatment is worse by 5.0 points of satisfaction."],
    [
      "errors that fall",
      { interval: [-0.02, -0.03, -0.01], metric: "error_rate", better: "lower" },
      "The treatment is better by 2.0 points of error rate.",
    ],
    [
      "nothing shown",
      { interval: [0.01, -0.02, 0.04] },
      "No difference in satisfaction is shown yet; the estimate is +1.0 points.",
    ],
    [
      "a broken split",
      { interval: [0.2, 0.1, 0.3], health: "unhealthy" },
      "Do not trust the numbers: The arms are not split as intended.",
    ],
    [
      "a pause",
      { status: "paused", interval: [0.2, 0.1, 0.3] },
      "The treatment is better by 20.0 points of satisfaction. It is paused: no new user enters.",
    ],
    [
      "a decision",
      { status: "decided", decision: "deploy_treatment", interval: [0.116, 0.05, 0.18] },
      "Decided: the treatment is deployed. The treatment is better by 11.6 points of satisfaction.",
    ],
  ])("%s", (_name, setting, sentence) => expect(describeExperiment(results(setting))).toBe(sentence));

  it("of several treatments names the one that is better for sure, not the one that looks best", () => {
    const base = results({});
    const compared = (arm: string, estimate: number, lower: number, upper: number): MetricComparison =>
      ({
        metric: "satisfaction",
        better: "higher",
        primary: true,
        arm,
        absolute: { estimate, lower, upper },
      }) as MetricComparison;
    const several = {
      ...base,
      experiment: { ...base.experiment, additionalTreatments: [{ name: "shorter" }, { name: "bolder" }] },
      metrics: [
        compared("treatment", 0.01, -0.02, 0.04),
        compared("shorter", 0.05, 0.02, 0.08),
        compared("bolder", 0.07, -0.01, 0.15),
      ],
    } as unknown as ExperimentResults;
    expect(describeExperiment(several)).toBe(
      "Of 3 treatments, shorter is better by 5.0 points of satisfaction.",
    );
  });
});

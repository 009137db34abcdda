import type { ExperimentMetric } from "@agent-learning/contract";
import { expect, it } from "vitest";
import { builtInMetric } from "./built-in-metrics.ts";
import { outcomeFault } from "./outcome-fault.ts";

const own = (change: Partial<ExperimentMetric>): ExperimentMetric => ({
  ...builtInMetric("task_completion"),
  name: "own",
  kind: "mean",
  source: "outcome",
  ...change,
});

it.each<[string, ExperimentMetric, { value: number; denominator?: number }, string | undefined]>([
  ["a yes", builtInMetric("error_rate"), { value: 1 }, undefined],
  ["half an error", builtInMetric("error_rate"), { value: 0.5 }, "value"],
  ["half satisfied", builtInMetric("satisfaction"), { value: 0.5 }, undefined],
  ["more than satisfied", builtInMetric("satisfaction"), { value: 1.01 }, "value"],
  ["less than nothing", builtInMetric("latency_ms"), { value: -1 }, "value"],
  ["a loss", own({}), { value: -3 }, undefined],
  ["a number beyond sums", own({}), { value: 1e13 }, "value"],
  ["a ratio", own({ kind: "ratio" }), { value: -2, denominator: 0.5 }, undefined],
  ["a ratio without its denominator", own({ kind: "ratio" }), { value: 2 }, "denominator"],
  ["a ratio over less than nothing", own({ kind: "ratio" }), { value: 2, denominator: -1 }, "denominator"],
  ["a mean with a denominator", own({}), { value: 2, denominator: 1 }, "denominator"],
  ["a negative wait", own({ kind: "quantile", quantile: 0.9 }), { value: -2 }, "value"],
])("%s", (_name, metric, outcome, field) => {
  expect(outcomeFault(metric, outcome)?.field).toBe(field);
});

import type { ExperimentMetric } from "@agent-learning/contract";
import { BUILT_IN } from "./built-in-metrics.ts";

const LARGEST = 1e12;

/** What is wrong with an outcome of this metric, by field; undefined when nothing is. */
export function outcomeFault(
  metric: ExperimentMetric,
  outcome: { value: number; denominator?: number | undefined },
): { field: "value" | "denominator"; message: string } | undefined {
  const { value, denominator } = outcome;
  const fault = (
    field: "value" | "denominator",
    message: string,
  ): { field: "value" | "denominator"; message: string } => ({ field, message });
  if (metric.kind === "binary" && value !== 0 && value !== 1) {
    return fault(
      "value",
      `must be 0 or 1: ${metric.name} is binary. Report each outcome by itself, or declare the metric as a mean.`,
    );
  }
  if (metric.source !== "outcome" && !(value >= 0 && value <= BUILT_IN[metric.source].maximum)) {
    return fault("value", `must lie between 0 and ${BUILT_IN[metric.source].maximum} for ${metric.source}`);
  }
  if (metric.kind === "quantile" && value < 0) {
    return fault("value", `must be at least 0: ${metric.name} is a quantile`);
  }
  if (Math.abs(value) > LARGEST) {
    return fault("value", `must be within ${LARGEST} of 0: report it in a larger unit`);
  }
  if (metric.kind === "ratio") {
    if (denominator === undefined) {
      return fault("denominator", `is missing: ${metric.name} is a ratio`);
    }
    if (!(denominator >= 0 && denominator <= LARGEST)) {
      return fault("denominator", `must lie between 0 and ${LARGEST}`);
    }
    return undefined;
  }
  return denominator === undefined
    ? undefined
    : fault("denominator", `must be left out: ${metric.name} is not a ratio`);
}

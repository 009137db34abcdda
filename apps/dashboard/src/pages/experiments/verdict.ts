import type { Experiment, ExperimentResults, MetricComparison } from "../../api/types.ts";
import { milliseconds, points } from "../../format/numbers.ts";
import { duration } from "../../format/time.ts";
import { metricWord } from "../../format/words.ts";
import { armWord, treatmentsOf } from "./arms.ts";

const HOUR = 3_600_000;

/**
 * The comparison that the sentence is about; undefined before there is data. Of several treatments the winner, else the best of those
 * that are better for sure, else the one that looks best.
 */
export function leadingOf(results: ExperimentResults): MetricComparison | undefined {
  const all = results.metrics.filter(({ primary }) => primary);
  const won = all.find(({ arm }) => arm === results.experiment.winningArm);
  const goodness = ({ absolute, better }: MetricComparison): number =>
    absolute === null ? -Infinity : better === "higher" ? absolute.estimate : -absolute.estimate;
  const best = (of: MetricComparison[]): MetricComparison | undefined =>
    of.toSorted((a, b) => goodness(b) - goodness(a))[0];
  return won ?? best(all.filter((one) => reading(one) === "better")) ?? best(all);
}

/** A difference of a metric in its unit: points for shares, time for latency. */
export function differenceOf(metric: string, value: number): string {
  if (metric.startsWith("latency")) return `${value >= 0 ? "+" : "−"}${milliseconds(Math.abs(value))}`;
  return `${points(value)} points`;
}

function size(comparison: MetricComparison): string {
  const { metric, absolute } = comparison;
  const estimate = Math.abs(absolute?.estimate ?? 0);
  return metric.startsWith("latency")
    ? milliseconds(estimate)
    : `${(estimate * 100).toFixed(1)} points of ${metricWord(metric).toLowerCase()}`;
}

function reading(comparison: MetricComparison): "better" | "worse" | "unclear" {
  const { absolute, better } = comparison;
  if (absolute === null) return "unclear";
  if (absolute.lower > 0) return better === "higher" ? "better" : "worse";
  if (absolute.upper < 0) return better === "higher" ? "worse" : "better";
  return "unclear";
}

function remaining({ experiment, runningHours }: ExperimentResults): string | undefined {
  const hours = experiment.minDurationHours - runningHours;
  return hours > 0 ? `${duration(hours * HOUR)} until a decision is allowed` : undefined;
}

const DECISIONS: Record<NonNullable<Experiment["decision"]>, string> = {
  deploy_treatment: "Decided: the treatment is deployed.",
  keep_control: "Decided: the control stays.",
  inconclusive: "Decided: inconclusive, so the control stays.",
  stopped_for_harm: "Stopped: the treatment harmed users.",
};

function subject({ experiment }: ExperimentResults, { arm }: MetricComparison): string {
  const arms = treatmentsOf(experiment);
  return arms.length === 1
    ? "The treatment"
    : `Of ${arms.length} treatments, ${armWord(arm, arms).toLowerCase()}`;
}

/** What the experiment says, in plain English and one or two sentences. */
export function describeExperiment(results: ExperimentResults): string {
  const { experiment } = results;
  const primary = leadingOf(results);
  const read = primary === undefined ? "unclear" : reading(primary);
  const finding =
    primary === undefined || primary.absolute === null
      ? "There is not enough data yet to compare the arms."
      : read === "unclear"
        ? `No difference in ${metricWord(primary.metric).toLowerCase()} is shown yet; the estimate is ${differenceOf(primary.metric, primary.absolute.estimate)}.`
        : `${subject(results, primary)} is ${read} by ${size(primary)}.`;
  if (experiment.decision !== null) return `${DECISIONS[experiment.decision]} ${finding}`;
  if (experiment.status === "draft") return "Drafted: no user is in it until it is launched.";
  if (experiment.health.status === "unhealthy")
    return `Do not trust the numbers: ${experiment.health.reasons[0] ?? "the split is broken."}`;
  const wait = remaining(results);
  const paused = experiment.status === "paused" ? " It is paused: no new user enters." : "";
  return `${finding}${wait === undefined ? "" : ` ${wait}.`}${paused}`;
}

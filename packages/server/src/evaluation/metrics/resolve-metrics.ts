import {
  BUILT_IN_METRICS,
  type DeclaredMetric,
  type ExperimentMetric,
  type MetricKind,
  UNIT_METRICS,
} from "@agent-learning/contract";
import { unprocessable } from "../../http/problem-error.ts";
import { BUILT_IN, builtInMetric, isBuiltIn } from "./built-in-metrics.ts";

/** Watched for harm in every experiment, whatever is declared. */
const ALWAYS = ["error_rate", "satisfaction"] as const;
function requireQuantile(path: string, metric: DeclaredMetric, kind: MetricKind): number | null {
  const { quantile } = metric;
  if (kind !== "quantile") {
    if (quantile !== undefined) {
      throw unprocessable(`${path}.quantile`, "belongs to kind quantile: leave it out, or change the kind");
    }
    return null;
  }
  if (quantile === undefined || !(quantile > 0 && quantile < 1)) {
    throw unprocessable(
      `${path}.quantile`,
      "must be above 0 and below 1, such as 0.95, for a metric of kind quantile",
    );
  }
  if (metric.covariate) {
    throw unprocessable(`${path}.covariate`, "must be false: a quantile cannot be adjusted by a covariate");
  }
  if (metric.per === "unit") {
    throw unprocessable(`${path}.per`, "must be outcome: a quantile is one of all outcomes");
  }
  return quantile;
}

function sourceOf(path: string, metric: DeclaredMetric): ExperimentMetric["source"] {
  if (metric.source !== undefined) return metric.source;
  if (isBuiltIn(metric.name)) return metric.name;
  throw unprocessable(
    `${path}.source`,
    `is missing: ${metric.name} is not built in. Name one of ${BUILT_IN_METRICS.join(", ")}, or outcome and report its values to POST /api/learning/outcomes.`,
  );
}

function resolveBuiltIn(
  path: string,
  metric: DeclaredMetric,
  source: Exclude<ExperimentMetric["source"], "outcome">,
): ExperimentMetric {
  const known = BUILT_IN[source];
  const kind = metric.kind ?? known.kind;
  const canBeQuantile = known.maximum > 1;
  if (kind !== known.kind && !(kind === "quantile" && canBeQuantile)) {
    throw unprocessable(
      `${path}.kind`,
      `must be ${known.kind}${canBeQuantile ? " or quantile" : ""}, as ${source} is`,
    );
  }
  if (metric.name !== source && kind !== "quantile") {
    throw unprocessable(
      `${path}.name`,
      `must be ${source}, the name of its source; only a quantile of it has a name of its own`,
    );
  }
  if (metric.name === source && kind === "quantile") {
    throw unprocessable(
      `${path}.name`,
      `must not be ${source}: that is the mean. Call it ${source}_p95, or as you like`,
    );
  }
  if (metric.better !== undefined && metric.better !== known.better) {
    throw unprocessable(`${path}.better`, `must be ${known.better}: that is what is good for ${source}`);
  }
  if (metric.per === "unit" && source === "satisfaction") {
    throw unprocessable(`${path}.per`, "must be outcome: a unit without a vote is not an unsatisfied one");
  }
  return {
    name: metric.name,
    kind,
    better: known.better,
    role: metric.role,
    source,
    per: metric.per ?? "outcome",
    quantile: requireQuantile(path, metric, kind),
    covariate: metric.covariate,
  };
}

function resolveOwn(path: string, metric: DeclaredMetric): ExperimentMetric {
  if (isBuiltIn(metric.name)) {
    throw unprocessable(
      `${path}.name`,
      `is the name of a built-in metric: leave source out to measure it, or choose another name`,
    );
  }
  const { kind, better } = metric;
  if (kind === undefined) {
    throw unprocessable(
      `${path}.kind`,
      "is missing: binary, mean, ratio or quantile, as the reported values are",
    );
  }
  if (better === undefined) {
    throw unprocessable(`${path}.better`, "is missing: say whether higher or lower values are good");
  }
  if (kind === "ratio" && metric.per === "unit") {
    throw unprocessable(`${path}.per`, "must be outcome: a ratio is of all values over all denominators");
  }
  return {
    name: metric.name,
    kind,
    better,
    role: metric.role,
    source: "outcome",
    per: metric.per ?? "outcome",
    quantile: requireQuantile(path, metric, kind),
    covariate: metric.covariate,
  };
}

/** Those that every unit has: the primary one as the goal. */
export function defaultMetrics(primary: string): ExperimentMetric[] {
  return UNIT_METRICS.map((name) =>
    builtInMetric(
      name,
      name === primary ? "goal" : (ALWAYS as readonly string[]).includes(name) ? "guardrail" : "signal",
    ),
  );
}

/**
 * The metrics that an experiment measures, whole, and which of its goals is the primary one.
 * @throws ProblemError unprocessable naming the field: a metric without a source, a kind that its source cannot have, no goal
 */
export function resolveMetrics(
  declared: readonly DeclaredMetric[] | undefined,
  primaryName: string | undefined,
): { metrics: ExperimentMetric[]; primary: string } {
  if (declared === undefined) {
    const primary = primaryName ?? "satisfaction";
    if (!(UNIT_METRICS as readonly string[]).includes(primary)) {
      throw unprocessable(
        "body.primary_metric",
        `is not one of ${UNIT_METRICS.join(", ")}: declare it in metrics, with its kind, its source and the role goal`,
      );
    }
    return { metrics: defaultMetrics(primary), primary };
  }
  const metrics = declared.map((metric, index) => {
    const path = `body.metrics.${index}`;
    if (declared.findIndex((one) => one.name === metric.name) !== index) {
      throw unprocessable(`${path}.name`, `is declared twice: give ${metric.name} once`);
    }
    const source = sourceOf(path, metric);
    return source === "outcome" ? resolveOwn(path, metric) : resolveBuiltIn(path, metric, source);
  });
  for (const name of ALWAYS) {
    if (!metrics.some((metric) => metric.name === name)) metrics.push(builtInMetric(name, "guardrail"));
  }
  const goals = metrics.filter((metric) => metric.role === "goal").map((metric) => metric.name);
  const primary = primaryName ?? goals[0];
  if (primary === undefined) {
    throw unprocessable(
      "body.metrics",
      "has no goal: give the role goal to what the experiment is to improve",
    );
  }
  if (!goals.includes(primary)) {
    throw unprocessable(
      "body.primary_metric",
      `is not a goal: give ${primary} the role goal in metrics, or name one of ${goals.join(", ")}`,
    );
  }
  return { metrics, primary };
}

import { BUILT_IN_METRICS, type BuiltInMetric, type ExperimentMetric } from "@agent-learning/contract";

/** What is known of a built-in metric: how its outcomes look, and which way they should move. */
export const BUILT_IN: Readonly<
  Record<BuiltInMetric, { kind: "binary" | "mean"; better: "higher" | "lower"; maximum: number }>
> = {
  error_rate: { kind: "binary", better: "lower", maximum: 1 },
  satisfaction: { kind: "mean", better: "higher", maximum: 1 },
  latency_ms: { kind: "mean", better: "lower", maximum: 1e9 },
  task_completion: { kind: "binary", better: "higher", maximum: 1 },
  tokens: { kind: "mean", better: "lower", maximum: 1e12 },
  cost_usd: { kind: "mean", better: "lower", maximum: 1e9 },
};

export function isBuiltIn(name: string): name is BuiltInMetric {
  return (BUILT_IN_METRICS as readonly string[]).includes(name);
}

/** A built-in metric as it is measured when nobody says otherwise. */
export function builtInMetric(
  name: BuiltInMetric,
  role: ExperimentMetric["role"] = "signal",
): ExperimentMetric {
  const { kind, better } = BUILT_IN[name];
  return { name, kind, better, role, source: name, per: "outcome", quantile: null, covariate: false };
}

/**
 * Whether sequential tests of an experiment take in the first outcome of each unit. They bet on values in [0, 1]: errors and
 * satisfaction always, and what else is binary among goals and guardrails.
 */
export function isWatchedForHarm({ name, kind, per, role }: ExperimentMetric): boolean {
  return (
    per === "outcome" &&
    (name === "error_rate" || name === "satisfaction" || (kind === "binary" && role !== "signal"))
  );
}

/** A metric that a rollout's guardrail watches under a name of the caller's own: numbers of at least 0. */
export function guardrailMetric(name: string): ExperimentMetric {
  return {
    name,
    kind: "mean",
    better: "lower",
    role: "guardrail",
    source: "outcome",
    per: "outcome",
    quantile: null,
    covariate: false,
  };
}

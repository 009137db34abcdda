import type { ExperimentMetric, HarmEvidence } from "@agent-learning/contract";
import { type SatisfactionState, satisfactionTest, type SatisfactionTest } from "@agent-learning/statistics";
import { isWatchedForHarm } from "../metrics/index.ts";

/** What the harm tests have seen so far, by treatment and metric. Plain data, kept as JSON. */
export type HarmState = Record<string, Record<string, SatisfactionState>>;

/** What is watched: of which treatments, in which metrics, at which alpha for all of it. */
export interface HarmWatch {
  treatments: readonly string[];
  metrics: readonly ExperimentMetric[];
  alpha: number;
}

/** The bounded metrics, whose every outcome lies in [0, 1] as a betting test needs. */
export function harmMetrics(metrics: readonly ExperimentMetric[]): ExperimentMetric[] {
  return metrics.filter(isWatchedForHarm);
}

const levelOf = ({ treatments, metrics, alpha }: HarmWatch): number =>
  alpha / Math.max(1, harmMetrics(metrics).length * treatments.length);

// Pairs of one treatment and one control unit; harm is a mean of the treatment below the control's.
const testOf = (alpha: number): SatisfactionTest => satisfactionTest({ allowedDrop: 0, alpha });

export interface HarmObservation {
  arm: string;
  /** First outcome of a unit, in [0, 1]. */
  value: number;
}

/**
 * Betting tests of "the treatment is worse than the control", one for each treatment and watched metric, each at its part of alpha.
 * Valid at any look and from the first unit on, so that an experiment may be stopped for harm early, and for nothing else.
 */
export function observeHarm(
  state: HarmState,
  metric: ExperimentMetric,
  observations: readonly HarmObservation[],
  watch: HarmWatch,
): HarmState {
  const test = testOf(levelOf(watch));
  const next = structuredClone(state);
  for (const { arm, value } of observations) {
    const good = Math.min(1, Math.max(0, metric.better === "higher" ? value : 1 - value));
    for (const treatment of watch.treatments) {
      if (arm !== "control" && arm !== treatment) continue;
      const seen = ((next[treatment] ??= {})[metric.name] ??= test.start());
      test.observe(seen, arm === "control" ? "control" : "canary", good);
    }
  }
  return next;
}

/** What the tests say now. */
export function harmEvidence(state: HarmState, watch: HarmWatch): HarmEvidence[] {
  const level = levelOf(watch);
  const test = testOf(level);
  return watch.treatments.flatMap((arm) =>
    harmMetrics(watch.metrics).map((metric) => {
      const seen = state[arm]?.[metric.name] ?? test.start();
      return {
        metric: metric.name,
        arm,
        pairs: seen.pairs.units,
        ln_evidence: test.lnEvidence(seen),
        ln_threshold: -Math.log(level),
        breached: seen.pairs.breachedAt !== null,
      };
    }),
  );
}

import type { HarmEvidence, UnitMetric } from "@agent-learning/contract";
import { type SatisfactionState, satisfactionTest, type SatisfactionTest } from "@agent-learning/statistics";
import { BETTER } from "./compare-metric.ts";

/** What the harm tests have seen so far, by metric. Plain data, kept as JSON. */
export type HarmState = Partial<Record<UnitMetric, SatisfactionState>>;

/** Bounded metrics that are watched for harm: errors and satisfaction always, and the primary metric. */
export function harmMetrics(primary: UnitMetric): UnitMetric[] {
  const metrics = new Set<UnitMetric>(["error_rate", "satisfaction", primary]);
  // Latency has no bound, which a betting test needs.
  metrics.delete("latency_ms");
  return [...metrics];
}

const levelOf = (primary: UnitMetric, alpha: number): number => alpha / harmMetrics(primary).length;

// Pairs of one treatment and one control unit; harm is a mean of the treatment below the control's.
const testOf = (alpha: number): SatisfactionTest => satisfactionTest({ allowedDrop: 0, alpha });

export interface HarmObservation {
  metric: UnitMetric;
  arm: string;
  /** First outcome of a unit, in [0, 1]. */
  value: number;
}

/**
 * Betting tests of "the treatment is worse than the control", one for each watched metric, each at its part of alpha. Valid at any
 * look and from the first unit on, so that an experiment may be stopped for harm early, and for nothing else.
 */
export function observeHarm(
  state: HarmState,
  observations: readonly HarmObservation[],
  { primary, alpha }: { primary: UnitMetric; alpha: number },
): HarmState {
  const test = testOf(levelOf(primary, alpha));
  const next = structuredClone(state);
  for (const { metric, arm, value } of observations) {
    const metricState = (next[metric] ??= test.start());
    const good = BETTER[metric] === "higher" ? value : 1 - value;
    test.observe(metricState, arm === "treatment" ? "canary" : "control", Math.min(1, Math.max(0, good)));
  }
  return next;
}

/** What the tests say now. */
export function harmEvidence(
  state: HarmState,
  { primary, alpha }: { primary: UnitMetric; alpha: number },
): HarmEvidence[] {
  const level = levelOf(primary, alpha);
  const test = testOf(level);
  return harmMetrics(primary).map((metric) => {
    const seen = state[metric] ?? test.start();
    return {
      metric,
      pairs: seen.pairs.units,
      ln_evidence: test.lnEvidence(seen),
      ln_threshold: -Math.log(level),
      breached: seen.pairs.breachedAt !== null,
    };
  });
}

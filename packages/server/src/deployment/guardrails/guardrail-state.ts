import type { AgentPolicy, Guardrail } from "@agent-learning/contract";
import {
  type ErrorComparisonState,
  errorComparisonTest,
  type ErrorComparisonTest,
  type ErrorRateState,
  errorRateTest,
  type ErrorRateTest,
  type LatencyState,
  latencyTest,
  type LatencyTest,
  type SatisfactionState,
  satisfactionTest,
  type SatisfactionTest,
} from "@agent-learning/statistics";
import type { SubjectSums } from "../../evaluation/exposures/index.ts";
import { type Silence, startSilence } from "./silence.ts";

/** What a rollout's tests have seen so far. Plain data, kept as JSON in the rollout's row. */
export interface GuardrailState {
  /** Over all outcomes of the units, by stage. */
  sums: SubjectSums;
  errorRate: ErrorRateState;
  errorComparison: ErrorComparisonState;
  satisfaction: SatisfactionState;
  latency: LatencyState;
  /** Control units since there is a limit of latency, and how many of them were above it. */
  controlLatency: { units: number; slow: number };
  slowComparison: ErrorComparisonState;
  /** The control's 95th percentile as it was estimated at the last refresh; null before the first. */
  latencyReference: number | null;
  /** Candidate units that waited for the first limit have entered: from here on both arms enter side by side. */
  latencyPaired: boolean;
  latencyRatio: ErrorComparisonState;
  silence: Record<Guardrail, Silence>;
  /** Looks at satisfaction that could have ended a stage: each has its part of the level. */
  looks: { stage: number; count: number; units: number; passed: boolean };
  /** RFC 3339; null unless the rollout is paused. */
  pausedAt: string | null;
}

/** The tests of one rollout at its level. */
export interface GuardrailTests {
  errorRate: ErrorRateTest;
  errorComparison: ErrorComparisonTest;
  satisfaction: SatisfactionTest;
  latency: LatencyTest;
  slowComparison: ErrorComparisonTest;
  latencyRatio: ErrorComparisonTest;
  /** How many times the control's latency the candidate's may be. */
  latencyFactor: number;
  /** ln E at which each guardrail breaks. */
  lnThreshold: Record<Guardrail, number>;
}

/** Where the error-rate test is strongest: twice the limit is then found soonest. */
const OPTIMAL = { optimalUnits: 500, optimalAlpha: 0.01 };

/**
 * The tests behind the three rollback triggers, with `level` divided evenly among the required guardrails (Holm's first step; the
 * first breach rolls back, so there is no second). Failures have two tests, over the limit and against the control, at half each;
 * so has latency: over a limit taken from the control, and in proportion to the control at the same time.
 */
export function createGuardrailTests(guardrails: AgentPolicy["guardrails"], level: number): GuardrailTests {
  const alpha = level / guardrails.required.length;
  const factor = 1 + guardrails.max_latency_increase;
  return {
    errorRate: errorRateTest({ limit: guardrails.max_error_rate, alpha: alpha / 2, ...OPTIMAL }),
    errorComparison: errorComparisonTest({ alpha: alpha / 2 }),
    satisfaction: satisfactionTest({ allowedDrop: guardrails.max_satisfaction_drop, alpha }),
    latency: latencyTest({ alpha: alpha / 2, factor }),
    slowComparison: errorComparisonTest({ alpha: alpha / 2 }),
    latencyRatio: errorComparisonTest({ alpha: alpha / 2 }),
    latencyFactor: factor,
    lnThreshold: {
      error_rate: -Math.log(alpha / 2),
      satisfaction: -Math.log(alpha),
      latency: -Math.log(alpha / 2),
    },
  };
}

/** Before the first unit. */
export function startGuardrails(tests: GuardrailTests): GuardrailState {
  return {
    sums: {},
    errorRate: tests.errorRate.start(),
    errorComparison: tests.errorComparison.start(),
    satisfaction: tests.satisfaction.start(),
    latency: tests.latency.start(),
    controlLatency: { units: 0, slow: 0 },
    slowComparison: tests.slowComparison.start(),
    latencyReference: null,
    latencyPaired: false,
    latencyRatio: tests.latencyRatio.start(),
    silence: { error_rate: startSilence(), satisfaction: startSilence(), latency: startSilence() },
    looks: { stage: 0, count: 0, units: 0, passed: false },
    pausedAt: null,
  };
}

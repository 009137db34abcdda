import type { AgentPolicy } from "@agent-learning/contract";
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
import { type WatchedGuardrail, watchedGuardrails } from "./watched-guardrails.ts";

/** What the tests have seen of a metric that must not drop. */
export interface DropState {
  seen: SatisfactionState;
  /** Looks that could have ended a stage: each has its part of the level. */
  looks: { stage: number; count: number; units: number; passed: boolean };
}

/** What the tests have seen of a metric that must not rise. */
export interface RiseState {
  seen: LatencyState;
  /** Control units that entered, those before the first limit included. Not there in states from before it was kept. */
  entered?: number;
  /** Control units since there is a limit, and how many of them were above it. */
  control: { units: number; slow: number };
  slowComparison: ErrorComparisonState;
  /** The control's 95th percentile as it was estimated at the last refresh; null before the first. */
  reference: number | null;
  /** Candidate units that waited for the first limit have entered: from here on both arms enter side by side. */
  paired: boolean;
  ratio: ErrorComparisonState;
}

/** What a rollout's tests have seen so far, by guardrail. Plain data, kept as JSON in the rollout's row. */
export interface GuardrailState {
  /** Over all outcomes of the units, by stage. */
  sums: SubjectSums;
  errorRate: ErrorRateState;
  errorComparison: ErrorComparisonState;
  drops: Record<string, DropState>;
  rises: Record<string, RiseState>;
  silence: Record<string, Silence>;
  /** RFC 3339; null unless the rollout is paused. */
  pausedAt: string | null;
}

export interface RiseTests {
  seen: LatencyTest;
  slowComparison: ErrorComparisonTest;
  ratio: ErrorComparisonTest;
  /** How many times the control's the candidate's may be. */
  factor: number;
}

/** The tests of one rollout at its level. */
export interface GuardrailTests {
  watched: readonly WatchedGuardrail[];
  /** Which guardrail a unit's metric belongs to. */
  byMetric: ReadonlyMap<string, WatchedGuardrail>;
  errorRate: ErrorRateTest;
  errorComparison: ErrorComparisonTest;
  drops: Readonly<Record<string, SatisfactionTest>>;
  rises: Readonly<Record<string, RiseTests>>;
  /** ln E at which each guardrail breaks. */
  lnThreshold: Readonly<Record<string, number>>;
}

/** Where the error-rate test is strongest: twice the limit is then found soonest. */
const OPTIMAL = { optimalUnits: 500, optimalAlpha: 0.01 };

/**
 * How many times the control's failures the candidate's may be before the comparison rolls back. At 1 the comparison sits on its own
 * boundary for every candidate that is like its control: 0.4 % of 10,000 such canaries were rolled back, and none is to be.
 */
const ALLOWED_FAILURE_RATIO = 2;

const mapOf = <T, U>(entries: readonly T[], make: (entry: T) => [string, U]): Record<string, U> =>
  Object.fromEntries(entries.map(make));

/**
 * The tests behind the rollback triggers, with `level` divided evenly among the guardrails (Holm's first step; the first breach
 * rolls back, so there is no second). Failures have two tests, over the limit and against the control, at half each; so has a
 * rise: over a limit taken from the control, and in proportion to the control at the same time.
 */
export function createGuardrailTests(guardrails: AgentPolicy["guardrails"], level: number): GuardrailTests {
  const watched = watchedGuardrails(guardrails);
  const alpha = level / watched.length;
  const of = (kind: WatchedGuardrail["kind"]): WatchedGuardrail[] =>
    watched.filter((guardrail) => guardrail.kind === kind);
  return {
    watched,
    byMetric: new Map(watched.map((guardrail) => [guardrail.metric, guardrail])),
    errorRate: errorRateTest({ limit: guardrails.max_error_rate, alpha: alpha / 2, ...OPTIMAL }),
    errorComparison: errorComparisonTest({ alpha: alpha / 2, allowedRatio: ALLOWED_FAILURE_RATIO }),
    drops: mapOf(of("drop"), ({ name, limit }) => [name, satisfactionTest({ allowedDrop: limit, alpha })]),
    rises: mapOf(of("rise"), ({ name, limit }) => [
      name,
      {
        seen: latencyTest({ alpha: alpha / 2, factor: 1 + limit }),
        slowComparison: errorComparisonTest({ alpha: alpha / 2 }),
        ratio: errorComparisonTest({ alpha: alpha / 2 }),
        factor: 1 + limit,
      },
    ]),
    lnThreshold: mapOf(watched, ({ name, kind }) => [name, -Math.log(kind === "drop" ? alpha : alpha / 2)]),
  };
}

/** Before the first unit. */
export function startGuardrails(tests: GuardrailTests): GuardrailState {
  return {
    sums: {},
    errorRate: tests.errorRate.start(),
    errorComparison: tests.errorComparison.start(),
    drops: mapOf(Object.entries(tests.drops), ([name, test]) => [
      name,
      { seen: test.start(), looks: { stage: 0, count: 0, units: 0, passed: false } },
    ]),
    rises: mapOf(Object.entries(tests.rises), ([name, test]) => [
      name,
      {
        seen: test.seen.start(),
        entered: 0,
        control: { units: 0, slow: 0 },
        slowComparison: test.slowComparison.start(),
        reference: null,
        paired: false,
        ratio: test.ratio.start(),
      },
    ]),
    silence: mapOf(tests.watched, ({ name }) => [name, startSilence()]),
    pausedAt: null,
  };
}

import { agentPolicy, type AgentPolicy, type RolloutStage } from "@agent-learning/contract";
import { attemptAlpha } from "@agent-learning/statistics";
import {
  brokenGuardrail,
  createGuardrailTests,
  type GuardrailState,
  type GuardrailTests,
  hear,
  observeUnit,
  percentileRank,
  type RiseState,
  startGuardrails,
  startSilence,
} from "../../packages/server/src/deployment/guardrails/index.ts";
import type { RolloutDecision } from "../../packages/server/src/deployment/rollouts/decide-rollout.ts";
import { lookAtRollout } from "../../packages/server/src/deployment/rollouts/look-at-rollout.ts";
import type { SubjectSums } from "../../packages/server/src/evaluation/exposures/index.ts";
import type { Arm, UnitDraw } from "./draws.ts";
import { addToSums, type MutableSums, sumsOfStage } from "../simulation/mutable-sums.ts";

/** The guide's thresholds, and the level of a first attempt. */
export const POLICY: AgentPolicy = agentPolicy.parse({});
export const ALPHA: number = attemptAlpha(POLICY.rollout.significance_level, 1);

const METRICS = ["exposure", "error_rate", "satisfaction", "latency_ms"] as const;

export function productTests(): GuardrailTests {
  return createGuardrailTests(POLICY.guardrails, ALPHA);
}

/**
 * A rollout without its database: the product's tests take in unit by unit, its decision code answers. What the database does for it,
 * order statistics of the control's latencies and sums over units, is done here in memory.
 */
export class ProductCanary {
  readonly state: GuardrailState;
  readonly #tests: GuardrailTests;
  readonly #stages: readonly RolloutStage[];
  readonly #sums: MutableSums<(typeof METRICS)[number]> = {};
  #controlLatencies = new Float64Array(1 << 10);
  #controls = 0;
  readonly #waitingLatencies: number[] = [];
  #heard = { candidate: 0, control: 0, candidateVotes: 0, controlVotes: 0 };
  stage = 0;

  constructor(tests: GuardrailTests, stages: readonly RolloutStage[]) {
    this.#tests = tests;
    this.#stages = stages;
    this.state = startGuardrails(tests);
    this.state.sums = this.#sums as SubjectSums;
  }

  get share(): number {
    return this.#stages[this.stage]?.share ?? 1;
  }

  /** A unit with all its requests; the tests see the first of each. */
  observe(arm: Arm, draw: UnitDraw): void {
    const { state, share } = this;
    const tests = this.#tests;
    observeUnit(tests, state, { metric: "error_rate", arm, value: draw.firstFailed ? 1 : 0, share });
    this.#observeLatency(arm, draw.latency, share);
    const sums = sumsOfStage(this.#sums, this.stage, arm, METRICS);
    addToSums(sums.exposure, 0, 1);
    addToSums(sums.error_rate, draw.failures, draw.requests);
    addToSums(sums.latency_ms, draw.latency, 1);
    this.#heard[arm] += 1;
    if (draw.vote < 0) return;
    observeUnit(tests, state, { metric: "satisfaction", arm, value: draw.vote, share });
    addToSums(sums.satisfaction, draw.vote, 1);
    if (arm === "candidate") this.#heard.candidateVotes += 1;
    else this.#heard.controlVotes += 1;
  }

  /** As `gatherEvidence`: the candidate's units wait for the first limit, both arms meet the limit of the look before. */
  #observeLatency(arm: Arm, value: number, share: number): void {
    const { state } = this;
    const tests = this.#tests;
    const metric = "latency_ms";
    const rise = state.rises["latency"] as RiseState;
    const test = tests.rises["latency"]?.seen;
    const isWaiting = rise.seen.limit === null;
    if (arm === "candidate") {
      if (isWaiting) this.#waitingLatencies.push(value);
      else observeUnit(tests, state, { metric, arm, value, share });
      return;
    }
    observeUnit(tests, state, { metric, arm, value, share });
    if (this.#controls === this.#controlLatencies.length) {
      const longer = new Float64Array(2 * this.#controls);
      longer.set(this.#controlLatencies);
      this.#controlLatencies = longer;
    }
    this.#controlLatencies[this.#controls++] = value;
    const due = test?.dueRefresh(rise.seen, this.#controls);
    if (due === undefined) return;
    // In place: the order in which they came is of no use any more, and what is sorted already is quickly sorted again.
    const sorted = this.#controlLatencies.subarray(0, this.#controls).sort();
    test?.refreshLimit(rise.seen, due, sorted[due.rank - 1] ?? 0);
    rise.reference = sorted[percentileRank(sorted.length) - 1] ?? 0;
    if (!isWaiting) return;
    for (const one of this.#waitingLatencies) {
      observeUnit(tests, state, { metric, arm: "candidate", value: one, share });
    }
    rise.paired = true;
  }

  /** Whether a guardrail is broken now. */
  isBroken(): boolean {
    return brokenGuardrail(this.#tests, this.state) !== undefined;
  }

  /** One look of the product, `elapsedHours` into the stage. */
  look(now: Date, elapsedHours: number): RolloutDecision {
    const { state, stage, share } = this;
    const heard = this.#heard;
    const of = (units: number): { units: number; lastAt: Date } | undefined =>
      units === 0 ? undefined : { units, lastAt: now };
    for (const { name, kind } of this.#tests.watched) {
      const candidate = of(kind === "drop" ? heard.candidateVotes : heard.candidate);
      const control = of(kind === "drop" ? heard.controlVotes : heard.control);
      const grace = POLICY.rollout.silence_grace_minutes;
      state.silence[name] = hear(state.silence[name] ?? startSilence(), { candidate, control }, grace);
    }
    this.#heard = { candidate: 0, control: 0, candidateVotes: 0, controlVotes: 0 };
    const looked = lookAtRollout({
      tests: this.#tests,
      state,
      policy: POLICY,
      stages: this.#stages,
      stage,
      share,
      now,
      elapsedHours,
      backlog: false,
    });
    state.drops = looked.state.drops;
    return looked.decision;
  }
}

import { agentPolicy, type AgentPolicy } from "@agent-learning/contract";
import { attemptAlpha, SeededRandom } from "@agent-learning/statistics";
import {
  createGuardrailTests,
  type GuardrailState,
  type GuardrailTests,
  type RiseState,
  startGuardrails,
} from "./guardrail-state.ts";
import { observeUnit, percentileRank, type UnitObservation } from "./observe-units.ts";

/** The guide's thresholds. */
export const POLICY: AgentPolicy = agentPolicy.parse({});

/** The tests of a first attempt under a policy. */
export function testsOf(policy: AgentPolicy = POLICY, attempt = 1): GuardrailTests {
  return createGuardrailTests(policy.guardrails, attemptAlpha(policy.rollout.significance_level, attempt));
}

export type Behaviour = (random: SeededRandom, unit: number) => number;

export interface Canary {
  metric: UnitObservation["metric"];
  candidate: Behaviour;
  control: Behaviour;
  units: number;
  seed: number;
}

/** Runs a candidate and a control of equal size, unit by unit in turn, until the guardrail breaks or the units are through. */
export function runCanary(
  tests: GuardrailTests,
  { metric, candidate, control, units, seed }: Canary,
  isBroken: (state: GuardrailState) => boolean,
): { brokenAt: number | undefined; state: GuardrailState } {
  const random = new SeededRandom(seed);
  const state = startGuardrails(tests);
  const observe = (arm: "candidate" | "control", value: number): void =>
    observeUnit(tests, state, { metric, arm, value, share: 0.05 });
  const name = tests.byMetric.get(metric)?.name ?? metric;
  const rise: RiseState | undefined = state.rises[name];
  const riseTests = tests.rises[name];
  const controls: number[] = [];
  const waiting: number[] = [];
  for (let unit = 1; unit <= units; unit += 1) {
    const value = control(random, unit);
    waiting.push(candidate(random, unit));
    // As in a rollout: the candidate's units wait for the first limit, and both arms meet the limit of the look before.
    const waits = rise !== undefined && rise.seen.limit === null;
    observe("control", value);
    if (!waits) {
      for (const one of waiting.splice(0)) observe("candidate", one);
      if (rise !== undefined) rise.paired = true;
    }
    if (rise !== undefined && riseTests !== undefined) {
      controls.push(value);
      const due = riseTests.seen.dueRefresh(rise.seen, controls.length);
      if (due !== undefined) {
        const sorted = Float64Array.from(controls).sort();
        riseTests.seen.refreshLimit(rise.seen, due, sorted[due.rank - 1] ?? 0);
        rise.reference = sorted[percentileRank(sorted.length) - 1] ?? 0;
      }
    }
    if (isBroken(state)) return { brokenAt: unit, state };
  }
  return { brokenAt: undefined, state };
}

/** The value that nine in ten are at most; Infinity where fewer were found. */
export function ninetieth(values: readonly (number | undefined)[]): number {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? Number.POSITIVE_INFINITY;
}

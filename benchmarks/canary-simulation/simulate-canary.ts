import { randomBinomial, SeededRandom } from "@agent-learning/statistics";
import { BASELINES, startBaselines } from "./baselines.ts";
import { type Arm, drawUnit, type UnitDraw } from "./draws.ts";
import { POLICY, ProductCanary, productTests } from "./product-canary.ts";
import type { CanaryScenario } from "./scenarios.ts";

/** How a run ended. Plain data: it crosses threads. */
export interface CanaryRun {
  /** `undecided`: at the horizon it still held. */
  readonly outcome: "rolled back" | "promoted" | "invalid" | "undecided";
  /** The guardrail that rolled it back, with the candidate units (votes, of satisfaction) that it took. */
  readonly trigger: string | null;
  readonly after: number | null;
  /** Which of `BASELINES` rolled back before the ramp was to be over. */
  readonly baselines: readonly boolean[];
}

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const tests = productTests();

/**
 * One canary, request by request. Candidate and control come in a random order, of equal size up to half of the traffic; after every
 * unit it is asked whether a guardrail is broken, every hour whether the stage may be left. The baselines see the same requests of the
 * candidate, and as control the rest of the traffic, as they would.
 */
export function simulateCanary(scenario: CanaryScenario, seed: number): CanaryRun {
  const random = new SeededRandom(`${scenario.name}:${seed}`);
  const canary = new ProductCanary(tests, scenario.stages);
  const baselines = startBaselines(POLICY.guardrails.max_error_rate);
  const rolledBack = BASELINES.map(() => false);
  const draw: UnitDraw = { requests: 1, failures: 0, firstFailed: false, latency: 0, vote: -1 };
  const ramp = Math.min(
    scenario.horizon,
    scenario.stages.reduce((sum, stage) => sum + stage.units, 0),
  );
  let [units, votes, inStage, hoursLooked, sinceStart, restOfTraffic] = [0, 0, 0, 0, 0, 0];
  let end: Omit<CanaryRun, "baselines"> | undefined;

  const comparesBaselines = scenario.claim.kind !== "found";
  while (units < (end === undefined ? scenario.horizon : comparesBaselines ? ramp : 0)) {
    const stage = scenario.stages[canary.stage];
    if (stage === undefined) break;
    const { share } = stage;
    const arm: Arm = random.uint32() / 2 ** 32 < Math.max(0.5, share) ? "candidate" : "control";
    const behaviour = scenario.behaviour(arm, units / scenario.horizon, canary.stage);
    drawUnit(random, draw, behaviour, scenario.clusters);
    if (arm === "candidate") {
      units += 1;
      inStage += 1;
      if (draw.vote >= 0) votes += 1;
    }
    if (comparesBaselines && units <= ramp) {
      tellBaselines(arm === "candidate", draw.failures, draw.requests);
      // Beyond the control cohort, the rest of the traffic is the baselines' control.
      restOfTraffic += arm === "candidate" ? 0 : Math.max(0, (1 - share) / share - 1) * draw.requests;
      const whole = Math.floor(restOfTraffic);
      restOfTraffic -= whole;
      if (whole > 0 && !rolledBack[0])
        tellBaselines(false, randomBinomial(random, whole, behaviour.failure), whole);
    }
    if (end !== undefined) continue;
    canary.observe(arm, draw);
    const elapsed = (inStage * stage.hours) / stage.units;
    const isBroken = canary.isBroken();
    const isDue = Math.floor(elapsed) > hoursLooked || units >= scenario.horizon;
    if (!isBroken && !isDue) continue;
    hoursLooked = Math.floor(elapsed);
    const decision = canary.look(new Date(START + (sinceStart + elapsed) * HOUR), elapsed);
    if (decision.verdict === "ROLLBACK") {
      const after = decision.trigger === "satisfaction" ? votes : units;
      end = { outcome: "rolled back", trigger: decision.trigger, after };
    } else if (isBroken) {
      throw new Error(`a guardrail is broken, yet the verdict is ${decision.verdict}`);
    } else if (decision.verdict === "INVALID") {
      end = { outcome: "invalid", trigger: null, after: units };
    } else if (decision.verdict === "ADVANCE") {
      const next = scenario.stages[canary.stage + 1];
      if (next === undefined) end = { outcome: "promoted", trigger: null, after: units };
      else {
        canary.stage += 1;
        sinceStart += elapsed;
        [inStage, hoursLooked] = [0, 0];
      }
    }
  }
  return { ...(end ?? { outcome: "undecided", trigger: null, after: null }), baselines: rolledBack };

  function tellBaselines(isCandidate: boolean, failures: number, requests: number): void {
    baselines.forEach((baseline, i) => {
      if (!rolledBack[i] && baseline.observe(isCandidate, failures, requests)) rolledBack[i] = true;
    });
  }
}

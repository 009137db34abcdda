import type { RolloutGuardrail } from "@agent-learning/contract";
import {
  type ArmSummary,
  attemptAlpha,
  combineStrata,
  liftOf,
  ratioSummary,
  welchTest,
} from "@agent-learning/statistics";
import { type SubjectSums, sumsOf, sumsOverStages } from "../../evaluation/exposures/index.ts";
import { isDropBroken } from "./broken-guardrail.ts";
import { finite } from "./format.ts";
import type { DropState, GuardrailState, GuardrailTests } from "./guardrail-state.ts";
import type { WatchedGuardrail } from "./watched-guardrails.ts";

/** Control and candidate over the stages, each stage with the same weight in both: the arms' sizes differ between stages. */
function summaries(sums: SubjectSums, metric: string): [ArmSummary, ArmSummary] | undefined {
  const strata = Object.keys(sums).map((stage) =>
    ["control", "candidate"].map((arm) => ratioSummary(sumsOf(sums, Number(stage), arm, metric))),
  );
  const [control, candidate] = combineStrata(strata) ?? [];
  return control === undefined || candidate === undefined ? undefined : [control, candidate];
}

/** Whether the metric is shown to be above (1 - drop) of the control's, by one look at this level. */
export function isWithinDrop(sums: SubjectSums, metric: string, drop: number, alpha: number): boolean {
  const arms = summaries(sums, metric);
  if (arms === undefined) return false;
  const [control, candidate] = arms;
  const lift = control.mean === 0 ? undefined : liftOf(control, candidate, "relative");
  // Nothing varies, or there is nothing to lose: the means themselves tell.
  if (lift === undefined) return candidate.mean >= (1 - drop) * control.mean;
  return welchTest(lift, { alpha, alternative: "greater", nullLift: -drop }).pValue <= alpha;
}

/** Units must have grown by half before the next look: few looks, each with a fair part of the level. */
const GROWTH = 1.5;

/**
 * Takes a look at whether a stage may be left, when one is due. The k-th look in a stage has 6 alpha / (pi^2 k^2), so that all of
 * them together let a version with too low a satisfaction through with probability alpha at most.
 */
export function lookAtDrop(
  state: GuardrailState,
  {
    guardrail: { name, metric, limit },
    stage,
    minimumUnits,
    alpha,
  }: { guardrail: WatchedGuardrail; stage: number; minimumUnits: number; alpha: number },
): GuardrailState {
  const drop = state.drops[name] as DropState;
  const looks = drop.looks.stage === stage ? drop.looks : { stage, count: 0, units: 0, passed: false };
  const units = sumsOverStages(state.sums, "candidate", metric).n;
  const due = !looks.passed && units >= minimumUnits && units >= looks.units * GROWTH;
  const after = (next: DropState["looks"]): GuardrailState => ({
    ...state,
    drops: { ...state.drops, [name]: { ...drop, looks: next } },
  });
  if (!due) return after(looks);
  const count = looks.count + 1;
  const passed = isWithinDrop(state.sums, metric, limit, attemptAlpha(alpha, count));
  return after({ stage, count, units, passed });
}

export interface DropQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  guardrail: WatchedGuardrail;
  stage: number;
}

/** A metric in 0 to 1, such as votes, of the candidate against the control's at the same time. */
export function assessDrop(question: DropQuestion): RolloutGuardrail & { withinLimit: boolean } {
  const { tests, state, guardrail, stage } = question;
  const { name, metric } = guardrail;
  const drop = state.drops[name] as DropState;
  const candidate = sumsOverStages(state.sums, "candidate", metric);
  const control = sumsOverStages(state.sums, "control", metric);
  const mean = ({ sum, otherSum }: typeof candidate): number | null => (otherSum > 0 ? sum / otherSum : null);
  const [candidateMean, controlMean] = [mean(candidate), mean(control)];
  const limit = controlMean === null ? null : (1 - guardrail.limit) * controlMean;
  const breached = isDropBroken(drop);
  const within = drop.looks.stage === stage && drop.looks.passed;
  const nothing = name === "satisfaction" ? "no votes" : "no data";
  const shown = (value: number | null): string => (value === null ? nothing : value.toFixed(3));
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
  const counted = `${title} is ${shown(candidateMean)} over ${candidate.n} candidate units and ${shown(controlMean)} over ${control.n} control units`;
  return {
    name,
    status: breached ? "breached" : within ? "passed" : "undecided",
    candidate_units: candidate.n,
    control_units: control.n,
    candidate: candidateMean,
    control: controlMean,
    limit,
    ln_evidence: finite(tests.drops[name]?.lnEvidence(drop.seen) ?? Number.NEGATIVE_INFINITY),
    ln_threshold: tests.lnThreshold[name] ?? 0,
    sentence: breached
      ? `${counted}: below the ${shown(limit)} that are allowed.`
      : within
        ? `${counted}: above the ${shown(limit)} that are allowed.`
        : `${counted}: not yet shown to be above ${limit === null ? "the limit" : `the ${shown(limit)} that are allowed`}.`,
    withinLimit: within,
  };
}

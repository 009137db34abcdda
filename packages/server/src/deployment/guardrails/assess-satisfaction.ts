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
import { finite } from "./format.ts";
import type { GuardrailState, GuardrailTests } from "./guardrail-state.ts";

/** Control and candidate over the stages, each stage with the same weight in both: the arms' sizes differ between stages. */
function summaries(sums: SubjectSums): [ArmSummary, ArmSummary] | undefined {
  const strata = Object.keys(sums).map((stage) =>
    ["control", "candidate"].map((arm) => ratioSummary(sumsOf(sums, Number(stage), arm, "satisfaction"))),
  );
  const [control, candidate] = combineStrata(strata) ?? [];
  return control === undefined || candidate === undefined ? undefined : [control, candidate];
}

/** Whether satisfaction is shown to be above (1 - drop) of the control's, by one look at this level. */
export function isWithinDrop(sums: SubjectSums, drop: number, alpha: number): boolean {
  const arms = summaries(sums);
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
export function lookAtSatisfaction(
  state: GuardrailState,
  { stage, minimumUnits, drop, alpha }: { stage: number; minimumUnits: number; drop: number; alpha: number },
): GuardrailState {
  const looks = state.looks.stage === stage ? state.looks : { stage, count: 0, units: 0, passed: false };
  const units = sumsOverStages(state.sums, "candidate", "satisfaction").n;
  const due = !looks.passed && units >= minimumUnits && units >= looks.units * GROWTH;
  if (!due) return { ...state, looks };
  const count = looks.count + 1;
  const passed = isWithinDrop(state.sums, drop, attemptAlpha(alpha, count));
  return { ...state, looks: { stage, count, units, passed } };
}

export interface SatisfactionQuestion {
  tests: GuardrailTests;
  state: GuardrailState;
  /** Largest drop relative to the control, 0 to 1. */
  drop: number;
  stage: number;
}

/** Votes on the candidate against those on the control at the same time. */
export function assessSatisfaction(
  question: SatisfactionQuestion,
): RolloutGuardrail & { withinLimit: boolean } {
  const { tests, state, drop, stage } = question;
  const candidate = sumsOverStages(state.sums, "candidate", "satisfaction");
  const control = sumsOverStages(state.sums, "control", "satisfaction");
  const mean = ({ sum, otherSum }: typeof candidate): number | null => (otherSum > 0 ? sum / otherSum : null);
  const [candidateMean, controlMean] = [mean(candidate), mean(control)];
  const limit = controlMean === null ? null : (1 - drop) * controlMean;
  const breached = state.satisfaction.pairs.breachedAt !== null;
  const within = state.looks.stage === stage && state.looks.passed;
  const shown = (value: number | null): string => (value === null ? "no votes" : value.toFixed(3));
  const counted = `Satisfaction is ${shown(candidateMean)} over ${candidate.n} candidate units and ${shown(controlMean)} over ${control.n} control units`;
  return {
    name: "satisfaction",
    status: breached ? "breached" : within ? "passed" : "undecided",
    candidate_units: candidate.n,
    control_units: control.n,
    candidate: candidateMean,
    control: controlMean,
    limit,
    ln_evidence: finite(tests.satisfaction.lnEvidence(state.satisfaction)),
    ln_threshold: tests.lnThreshold.satisfaction,
    sentence: breached
      ? `${counted}: below the ${shown(limit)} that are allowed.`
      : within
        ? `${counted}: above the ${shown(limit)} that are allowed.`
        : `${counted}: not yet shown to be above ${limit === null ? "the limit" : `the ${shown(limit)} that are allowed`}.`,
    withinLimit: within,
  };
}

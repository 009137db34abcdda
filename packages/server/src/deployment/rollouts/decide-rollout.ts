import type { RolloutVerdict } from "@agent-learning/contract";
import type { Assessment } from "../guardrails/index.ts";
import { percent } from "../guardrails/format.ts";

export interface RolloutLook {
  guardrails: readonly Assessment[];
  /** Why the arms cannot be compared; empty when they can. */
  armProblems: readonly string[];
  elapsedHours: number;
  stageHours: number;
  /** Share of the stage, and of the next one. */
  share: number;
  nextShare: number;
  minimumUnits: number;
  /** More data waits than one look takes in: what is known is not all there is. */
  backlog: boolean;
}

export interface RolloutDecision {
  verdict: RolloutVerdict;
  /** What a person reads. */
  reason: string;
  /** Name of the guardrail that rolled it back. */
  trigger: string | null;
}

const hours = (value: number): string => `${Math.floor(value * 10) / 10} h`;

function names(assessments: readonly Assessment[]): string {
  return assessments.map((assessment) => assessment.name.replaceAll("_", " ")).join(" and ");
}

/** A metric that nobody sends would hold the rollout for ever: said as soon as others have come, not after the stage's hours. */
function neverCame(guardrails: readonly Assessment[]): string {
  const without = guardrails.filter((guardrail) => guardrail.candidate_units === 0);
  return without.length === 0 || without.length === guardrails.length
    ? ""
    : ` No ${names(without)} has come from the candidate yet: the stage is not left without it.`;
}

/** What is missing before the stage may be left, apart from the proof that the limits are kept; undefined: nothing. */
function hold(look: RolloutLook): string | undefined {
  const { guardrails } = look;
  const away = guardrails.filter((guardrail) => guardrail.outage !== null);
  if (away.length > 0) {
    const causes = away.map(({ name, outage }) => `${name.replaceAll("_", " ")} (${outage})`).join(" and ");
    return `The source of ${causes} is failing: metrics that are missing never promote, and an outage alone rolls nothing back.`;
  }
  const left = look.stageHours - look.elapsedHours;
  if (left > 0) {
    return `${hours(look.elapsedHours)} of ${hours(look.stageHours)} at ${percent(look.share)} are over.${neverCame(guardrails)}`;
  }
  if (look.backlog) return "More data waits than one look takes in; the next one goes on.";
  const few = guardrails.filter((guardrail) => !guardrail.enough);
  if (few.length > 0) {
    const units = few.map((guardrail) => guardrail.candidate_units).join(" and ");
    return `Too few candidate units with ${names(few)}: ${units} of ${look.minimumUnits}.`;
  }
  const stale = guardrails.filter((guardrail) => !guardrail.fresh);
  if (stale.length > 0) {
    return `No fresh ${names(stale)} from both arms: metrics that are missing never promote.`;
  }
  return undefined;
}

/** Nothing but the proof is missing: a look at it is worth its part of the level. */
export function isProofDue(look: RolloutLook): boolean {
  const breached = look.guardrails.some((guardrail) => guardrail.status === "breached" || guardrail.silent);
  return !breached && look.armProblems.length === 0 && hold(look) === undefined;
}

/**
 * What is done with a running rollout at this look.
 * ROLLBACK needs no minimum of units or hours: a broken guardrail, or a candidate that alone fell silent. ADVANCE needs the
 * stage's hours, enough fresh units, and each guardrail shown to be kept. Everything else holds.
 */
export function decideRollout(look: RolloutLook): RolloutDecision {
  const broken = look.guardrails.find((guardrail) => guardrail.status === "breached");
  if (broken !== undefined) return { verdict: "ROLLBACK", reason: broken.sentence, trigger: broken.name };
  const silent = look.guardrails.find((guardrail) => guardrail.silent);
  if (silent !== undefined) {
    const reason = `The candidate alone fell silent: no ${names([silent])} from it while the control kept reporting.`;
    return { verdict: "ROLLBACK", reason, trigger: silent.name };
  }
  if (look.armProblems.length > 0) {
    return { verdict: "INVALID", reason: look.armProblems.join(" "), trigger: null };
  }
  const missing = hold(look);
  if (missing !== undefined) return { verdict: "HOLD", reason: missing, trigger: null };
  const unproven = look.guardrails.filter((guardrail) => !guardrail.withinLimit);
  if (unproven.length > 0) {
    return {
      verdict: "HOLD",
      reason: unproven.map((guardrail) => guardrail.sentence).join(" "),
      trigger: null,
    };
  }
  return {
    verdict: "ADVANCE",
    reason: `${hours(look.elapsedHours)} at ${percent(look.share)} are over and every guardrail is kept: on to ${percent(look.nextShare)}.`,
    trigger: null,
  };
}

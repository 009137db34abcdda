import {
  adjustedPrevalence,
  type AdjustedPrevalence,
  type Count,
  wilsonInterval,
} from "@agent-learning/statistics";

/** One answer on which an expert and the judge spoke. */
export interface JudgedPair {
  expert: boolean;
  judge: boolean;
}

export interface JudgeCalibration {
  /** Passes that the judge gave among those of the experts. */
  sensitivity: Count;
  /** Refusals that the judge gave among those of the experts. */
  specificity: Count;
  usable: boolean;
  /** Why it is not usable, or how well it agrees, in a sentence. */
  sentence: string;
}

/** Answers of each kind below which the rates are not known. */
const LEAST_PAIRS = 20;
/** What sensitivity and specificity must exceed together, less 1, at the lower ends of their intervals: chance is 0. */
const LEAST_YOUDEN = 0.3;

/** How well a judge agrees with experts. Usable only when both rates are measured and clearly better than chance. */
export function calibrateJudge(pairs: readonly JudgedPair[]): JudgeCalibration {
  const passed = pairs.filter(({ expert }) => expert);
  const refused = pairs.filter(({ expert }) => !expert);
  const sensitivity = { successes: passed.filter(({ judge }) => judge).length, trials: passed.length };
  const specificity = { successes: refused.filter(({ judge }) => !judge).length, trials: refused.length };
  if (passed.length < LEAST_PAIRS || refused.length < LEAST_PAIRS) {
    const sentence = `The judge is not usable: experts passed ${passed.length} and refused ${refused.length} of its answers, and ${LEAST_PAIRS} of each are needed.`;
    return { sensitivity, specificity, usable: false, sentence };
  }
  const youden = lowerEnd(sensitivity) + lowerEnd(specificity) - 1;
  const rates = `it passes ${percent(sensitivity)} of what experts pass and refuses ${percent(specificity)} of what they refuse`;
  return youden >= LEAST_YOUDEN
    ? { sensitivity, specificity, usable: true, sentence: `The judge is usable: ${rates}.` }
    : {
        sensitivity,
        specificity,
        usable: false,
        sentence: `The judge is not usable: ${rates}, too close to chance.`,
      };
}

/** The share of answers that experts would pass, from the judge's verdicts. @throws InvalidArgument for a judge no better than chance */
export function correctedScore(
  verdicts: Count,
  { sensitivity, specificity }: Pick<JudgeCalibration, "sensitivity" | "specificity">,
  alpha = 0.05,
): AdjustedPrevalence {
  return adjustedPrevalence({ observed: verdicts, sensitivity, specificity, alpha });
}

function lowerEnd({ successes, trials }: Count): number {
  return wilsonInterval(successes, trials).lower;
}

function percent({ successes, trials }: Count): string {
  return `${Math.round((100 * successes) / trials)} %`;
}

import { InvalidArgument, requireCount, requireOpenUnit } from "../invalid-argument.ts";
import { normalQuantile } from "../special-functions/normal.ts";

/** Successes among trials. */
export interface Count {
  successes: number;
  trials: number;
}

export interface AdjustedPrevalenceInput {
  /** What the imperfect test said: positives among all. */
  observed: Count;
  /** Positives that it found among those known to be positive. */
  sensitivity: Count;
  /** Negatives that it found among those known to be negative. */
  specificity: Count;
  /** Two-sided error level; default 0.05. */
  alpha?: number;
}

export interface AdjustedPrevalence {
  /** Rogan–Gladen estimate (p + specificity − 1) / (sensitivity + specificity − 1), kept within [0, 1]. */
  estimate: number;
  lower: number;
  upper: number;
}

/**
 * The true share of positives when the test that counts them errs at rates that were measured on known cases. Estimate: Rogan and
 * Gladen (1978). Interval: Lang and Reiczigel, "Confidence limits for prevalence of disease adjusted for estimated sensitivity
 * and specificity" (2014), which carries the uncertainty of both rates.
 *
 * @throws InvalidArgument for counts that are none, and for a test that says no more than chance (sensitivity + specificity ≤ 1)
 */
export function adjustedPrevalence(input: AdjustedPrevalenceInput): AdjustedPrevalence {
  const { observed, sensitivity, specificity, alpha = 0.05 } = input;
  const [p, se, sp] = [
    share(observed, "observed"),
    share(sensitivity, "sensitivity"),
    share(specificity, "specificity"),
  ];
  if (!(se + sp > 1)) {
    throw new InvalidArgument(
      "sensitivity + specificity",
      "above 1: otherwise the test says nothing",
      se + sp,
    );
  }
  requireOpenUnit("alpha", alpha);
  const z = normalQuantile(1 - alpha / 2);
  const n = observed.trials + z ** 2;
  const pAdjusted = (observed.successes + z ** 2 / 2) / n;
  const [seAdjusted, seTrials] = [
    (sensitivity.successes + 1) / (sensitivity.trials + 2),
    sensitivity.trials + 2,
  ];
  const [spAdjusted, spTrials] = [
    (specificity.successes + 1) / (specificity.trials + 2),
    specificity.trials + 2,
  ];
  const youden = seAdjusted + spAdjusted - 1;
  const estimate = clamp((p + sp - 1) / (se + sp - 1));
  if (youden <= 0) return { estimate, lower: 0, upper: 1 };
  const centre = clamp((pAdjusted + spAdjusted - 1) / youden);
  const seVariance = (seAdjusted * (1 - seAdjusted)) / seTrials;
  const spVariance = (spAdjusted * (1 - spAdjusted)) / spTrials;
  const shift = 2 * z ** 2 * (centre * seVariance - (1 - centre) * spVariance);
  const half =
    (z / youden) *
    Math.sqrt((pAdjusted * (1 - pAdjusted)) / n + centre ** 2 * seVariance + (1 - centre) ** 2 * spVariance);
  return { estimate, lower: clamp(centre + shift - half), upper: clamp(centre + shift + half) };
}

function share({ successes, trials }: Count, name: string): number {
  requireCount(`${name}.trials`, trials, 1);
  if (!(successes >= 0 && successes <= trials)) {
    throw new InvalidArgument(`${name}.successes`, `between 0 and ${trials}`, successes);
  }
  return successes / trials;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

import { InvalidArgument, requireFinite, requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { normalCdf, normalDensity, normalQuantile } from "../special-functions/normal.ts";
import type { Lift } from "../units/lift.ts";

export interface PosteriorOptions {
  /** Normal prior on the relative lift; default mean 0, deviation 0.3. */
  readonly priorMean?: number;
  readonly priorDeviation?: number;
  /** Of the credible interval; default 0.95. */
  readonly credibility?: number;
  /** True where a smaller metric is better; default false. */
  readonly isLowerBetter?: boolean;
}

export interface Posterior {
  readonly mean: number;
  readonly deviation: number;
  readonly lower: number;
  readonly upper: number;
  /** Probability that the treatment is better. */
  readonly chanceToWin: number;
  /** Expected loss of lift if the treatment is chosen, and if the control is kept. */
  readonly riskOfTreatment: number;
  readonly riskOfControl: number;
}

/**
 * Posterior of a relative lift under a normal prior, for display. It decides nothing: stopping at "chance to win above 95 %"
 * declares a false winner in more than half of A/A tests that are watched.
 */
export function posteriorOf(lift: Lift, options: PosteriorOptions = {}): Posterior {
  const { priorMean = 0, priorDeviation = 0.3, credibility = 0.95, isLowerBetter = false } = options;
  requireFinite("priorMean", priorMean);
  requirePositive("priorDeviation", priorDeviation);
  requireOpenUnit("credibility", credibility);
  if (lift.scale !== "relative")
    throw new InvalidArgument("lift.scale", "relative, as the prior is", lift.scale);
  const shrinkage = lift.variance / (lift.variance + priorDeviation ** 2);
  const mean = shrinkage * priorMean + (1 - shrinkage) * lift.estimate;
  const deviation = priorDeviation * Math.sqrt(shrinkage);
  const margin = -normalQuantile((1 - credibility) / 2) * deviation;
  const z = (isLowerBetter ? -mean : mean) / deviation;
  return {
    mean,
    deviation,
    lower: mean - margin,
    upper: mean + margin,
    chanceToWin: normalCdf(z),
    riskOfTreatment: expectedLoss(z) * deviation,
    riskOfControl: expectedLoss(-z) * deviation,
  };
}

/** E[max(0, -X)] of a normal X with mean z and deviation 1. */
function expectedLoss(z: number): number {
  return Math.max(0, normalDensity(z) - z * normalCdf(-z));
}

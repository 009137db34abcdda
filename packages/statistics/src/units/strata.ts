import { InvalidArgument } from "../invalid-argument.ts";
import type { ArmSummary } from "./arm-summary.ts";

/**
 * Puts periods (or any strata) together whose allocation differs, as under a bandit or a ramp: every arm gets the same weight for a
 * period, its share of all units, so that an arm that was large on good days is not better for it. Sums over all periods would be.
 *
 * mean = sum w_s m_s, variance of the mean = sum w_s^2 v_s / n_s.
 *
 * @param strata per period the summaries of all arms in the same order; `undefined` for an arm without two units then
 * @returns one summary per arm, for `liftOf`; `undefined` where no period has all arms. Periods that lack an arm are left out
 */
export function combineStrata(
  strata: readonly (readonly (ArmSummary | undefined)[])[],
): ArmSummary[] | undefined {
  const complete = strata.filter((arms): arms is readonly ArmSummary[] =>
    arms.every((arm) => arm !== undefined),
  );
  const [first] = complete;
  if (first === undefined) return undefined;
  const sizes = complete.map((arms) => arms.reduce((sum, arm) => sum + arm.n, 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return first.map((_, armIndex) => {
    let [n, mean, varianceOfMean] = [0, 0, 0];
    complete.forEach((arms, i) => {
      const arm = arms[armIndex];
      if (arm === undefined || arms.length !== first.length) {
        throw new InvalidArgument(`strata[${i}]`, "a list of the same arms in every stratum", arms.length);
      }
      const weight = (sizes[i] as number) / total;
      n += arm.n;
      mean += weight * arm.mean;
      varianceOfMean += (weight * weight * arm.variance) / arm.n;
    });
    return { n, mean, variance: varianceOfMean * n };
  });
}

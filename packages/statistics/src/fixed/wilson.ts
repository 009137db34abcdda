import { InvalidArgument, requireCount, requireOpenUnit } from "../invalid-argument.ts";
import { normalQuantile } from "../special-functions/normal.ts";

/**
 * Wilson's score interval of a proportion, two-sided at level 1 - alpha; for one look. Without trials it is [0, 1].
 *
 * (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  alpha: number = 0.05,
): { lower: number; upper: number } {
  requireCount("trials", trials);
  requireCount("successes", successes);
  requireOpenUnit("alpha", alpha);
  if (successes > trials) throw new InvalidArgument("successes", `at most the ${trials} trials`, successes);
  if (trials === 0) return { lower: 0, upper: 1 };
  const square = normalQuantile(alpha / 2) ** 2;
  const failures = trials - successes;
  const centre = successes + square / 2;
  const halfWidth = Math.sqrt(square * ((successes * failures) / trials + square / 4));
  const denominator = trials + square;
  return {
    lower: successes === 0 ? 0 : (centre - halfWidth) / denominator,
    upper: failures === 0 ? 1 : (centre + halfWidth) / denominator,
  };
}

import { requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnBetaTails } from "../special-functions/incomplete-beta.ts";

/** The central interval of a Beta(a, b) distribution, by bisection of its cumulative distribution; exact to 1e-12. */
export function betaInterval(a: number, b: number, alpha: number = 0.05): { lower: number; upper: number } {
  requirePositive("a", a);
  requirePositive("b", b);
  requireOpenUnit("alpha", alpha);
  const quantile = (share: number): number => {
    let [low, high] = [0, 1];
    while (high - low > 1e-12) {
      const middle = (low + high) / 2;
      if (Math.exp(lnBetaTails(middle, a, b).lower) < share) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return { lower: quantile(alpha / 2), upper: quantile(1 - alpha / 2) };
}

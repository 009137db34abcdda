import { InvalidArgument, requirePositive } from "../invalid-argument.ts";
import { EPSILON, HALF_LN_TWO_PI } from "./constants.ts";
import { ln1mExp, lnMinusExcess } from "./logarithms.ts";
import { stirlingError } from "./ln-gamma.ts";

/** Natural logarithms of the two tails of a distribution; they are those of p and 1 - p. */
export interface LnTails {
  readonly lower: number;
  readonly upper: number;
}

const TINY = 1e-300;

/**
 * Logarithms of the regularised incomplete gamma functions: lower = ln P(a, x), upper = ln Q(a, x), for a > 0, x >= 0. Each
 * is accurate to 1e-10 relative for a >= 0.01; a tail that is empty is -Infinity.
 *
 * P by its series below x = a + 1, Q by its continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31, modified Lentz),
 * the common factor x^a e^-x / Gamma(a) as a deviance (Loader 2000).
 */
export function lnGammaTails(a: number, x: number): LnTails {
  requirePositive("a", a);
  if (!(x >= 0)) throw new InvalidArgument("x", "a number of at least 0", x);
  if (x === 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  const front = a * lnMinusExcess(x / a, (x - a) / a) + 0.5 * Math.log(a) - HALF_LN_TWO_PI - stirlingError(a);
  if (x < a + 1) {
    const lower = Math.min(0, front + Math.log(lowerSeries(a, x)));
    return { lower, upper: ln1mExp(lower) };
  }
  const upper = Math.min(0, front + Math.log(upperFraction(a, x)));
  return { lower: ln1mExp(upper), upper };
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; ; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const change = c * d;
    h *= change;
    // Also ends on NaN, which parameters beyond 1e150 may lead to.
    if (!(Math.abs(change - 1) > 2 * EPSILON)) return h;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Logarithms of the two tails of a chi-square distribution with `degreesOfFreedom` > 0 at `x` >= 0. */
export function lnChiSquareTails(x: number, degreesOfFreedom: number): LnTails {
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  return lnGammaTails(degreesOfFreedom / 2, x / 2);
}

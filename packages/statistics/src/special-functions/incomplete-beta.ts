import { requirePositive, requireUnit } from "../invalid-argument.ts";
import { EPSILON, HALF_LN_TWO_PI } from "./constants.ts";
import type { LnTails } from "./incomplete-gamma.ts";
import { stirlingError } from "./ln-gamma.ts";
import { ln1mExp, lnMinusExcess } from "./logarithms.ts";

const TINY = 1e-300;

/**
 * Logarithms of the regularised incomplete beta function: lower = ln I_x(a, b), upper = ln I_(1-x)(b, a), for a, b > 0,
 * 0 <= x <= 1; the tails of a Beta(a, b) distribution at x. Each is accurate to 1e-10 relative for a, b >= 0.01; an empty tail is
 * -Infinity. `complement` is 1 - x, to pass where the caller knows it more exactly than the subtraction does.
 *
 * Continued fraction (DLMF 8.17.22, modified Lentz) on the side where it converges fast; the factor x^a (1-x)^b / B(a, b) as a
 * deviance, which keeps its digits for parameters of millions (Loader 2000).
 */
export function lnBetaTails(x: number, a: number, b: number, complement: number = 1 - x): LnTails {
  requireUnit("x", x);
  requireUnit("complement", complement);
  requirePositive("a", a);
  requirePositive("b", b);
  if (x === 0) return { lower: -Infinity, upper: 0 };
  if (complement === 0) return { lower: 0, upper: -Infinity };
  const front = lnBetaFactor(x, complement, a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(0, front + Math.log(fraction(x, a, b) / a));
    return { lower, upper: ln1mExp(lower) };
  }
  const upper = Math.min(0, front + Math.log(fraction(complement, b, a) / b));
  return { lower: ln1mExp(upper), upper };
}

/** ln(x^a y^b / B(a, b)) with y = 1 - x. */
function lnBetaFactor(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  return (
    a * lnMinusExcess(x * (n / a), (x * b - y * a) / a) +
    b * lnMinusExcess(y * (n / b), (y * a - x * b) / b) +
    0.5 * Math.log(a * (b / n)) -
    HALF_LN_TWO_PI +
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b)
  );
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; ; m++) {
    const twice = 2 * m;
    const even = (m * (b - m) * x) / ((a + twice - 1) * (a + twice));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + twice) * (a + twice + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = d * c;
    h *= change;
    // Also ends on NaN, which parameters beyond 1e150 may lead to.
    if (!(Math.abs(change - 1) > 2 * EPSILON)) return h;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

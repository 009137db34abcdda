import { requirePositive } from "../invalid-argument.ts";
import { HALF_LN_TWO_PI } from "./constants.ts";

/** zeta(k) - 1 for k = 2, 3, ... */
const ZETA_MINUS_ONE = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853,
  0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5,
  3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878064e-7, 2.38450502727733e-7, 1.1921992596531106e-7,
  5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8, 7.45071178982543e-9,
  3.725334024788457e-9, 1.862659723513049e-9,
] as const;
const ONE_MINUS_EULER = 0.42278433509846713;

/**
 * ln Gamma(x) for x > 0, to about 1e-14 relative, also next to the zeros at 1 and 2.
 *
 * Three ranges: Stirling's series above 10; the recurrence down to [1.5, 2.5]; there the Taylor series of
 * ln Gamma(2 + z) = (1 - euler) z + sum_k (-1)^k (zeta(k) - 1) z^k / k (Abramowitz and Stegun 6.1.33).
 */
export function lnGamma(x: number): number {
  requirePositive("x", x);
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI + stirlingSeries(x);
  if (x < 0.5) return lnGammaOfTwoPlus(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return lnGammaOfTwoPlus(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let y = x;
  while (y > 2.5) {
    y -= 1;
    product *= y;
  }
  return Math.log(product) + lnGammaOfTwoPlus(y - 2);
}

/**
 * What Stirling's formula leaves out: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), for x > 0. Densities written with
 * it keep their digits for large parameters, where differences of `lnGamma` lose them (Loader 2000).
 */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingSeries(x);
  return lnGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI);
}

/** ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b) for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  requirePositive("a", a);
  requirePositive("b", b);
  return (
    a * -Math.log1p(b / a) +
    b * -Math.log1p(a / b) +
    0.5 * (Math.log1p(b / a) - Math.log(b)) +
    HALF_LN_TWO_PI +
    stirlingError(a) +
    stirlingError(b) -
    stirlingError(a + b)
  );
}

/** For z in [-1/2, 1/2]. */
function lnGammaOfTwoPlus(z: number): number {
  let sum = 0;
  for (let i = ZETA_MINUS_ONE.length - 1; i >= 0; i--) {
    const term = (ZETA_MINUS_ONE[i] as number) / (i + 2);
    sum = z * ((i % 2 === 0 ? term : -term) + sum);
  }
  return z * (ONE_MINUS_EULER + sum);
}

/** Bernoulli numbers over 2k (2k - 1), for x >= 10 (Abramowitz and Stegun 6.1.40). */
function stirlingSeries(x: number): number {
  const y = 1 / (x * x);
  return (
    (1 / 12 -
      y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360 - y / 156)))))) /
    x
  );
}

import { requireOpenUnit } from "../invalid-argument.ts";
import { HALF_LN_TWO_PI } from "./constants.ts";
import { erf, erfc, lnErfc } from "./erf.ts";

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z - HALF_LN_TWO_PI);
}

/** P(Z <= z) of the standard normal; relative accuracy holds in the left tail. The right tail is `normalCdf(-z)`. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** ln P(Z <= z); finite far below the underflow of `normalCdf` at about z = -38. */
export function lnNormalCdf(z: number): number {
  if (z > 0) return Math.log1p(-0.5 * erfc(z * Math.SQRT1_2));
  return lnErfc(-z * Math.SQRT1_2) - Math.LN2;
}

/**
 * The z with P(Z <= z) = p, for 0 < p < 1. A rational start (Abramowitz and Stegun 26.2.23) and Halley steps: on ln p in the
 * tails, on p - 1/2 in the middle, so that the relative accuracy also holds next to z = 0.
 */
export function normalQuantile(p: number): number {
  requireOpenUnit("p", p);
  const offset = p - 0.5;
  if (Math.abs(offset) < 0.2) return centralQuantile(offset);
  return offset < 0 ? lowerQuantile(p) : -lowerQuantile(1 - p);
}

function centralQuantile(offset: number): number {
  let z = offset / 0.3989422804014327;
  for (let step = 0; step < 4; step++) {
    const error = (0.5 * erf(z * Math.SQRT1_2) - offset) / normalDensity(z);
    z -= error / (1 + 0.5 * error * z);
  }
  return z;
}

function lowerQuantile(p: number): number {
  const target = Math.log(p);
  const t = Math.sqrt(-2 * target);
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  let z = numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const lnCdf = lnNormalCdf(z);
    const slope = Math.exp(-0.5 * z * z - HALF_LN_TWO_PI - lnCdf);
    const error = lnCdf - target;
    z -= error / (slope + 0.5 * error * (z + slope));
  }
  return z;
}

import { EPSILON } from "./constants.ts";

/** ln(1 - e^x) for x <= 0 without cancellation at either end (Maechler 2012). */
export function ln1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln(e^a + e^b); -Infinity is the logarithm of nothing. */
export function lnAdd(a: number, b: number): number {
  const larger = a > b ? a : b;
  if (larger === -Infinity) return -Infinity;
  return larger + Math.log1p(Math.exp((a > b ? b : a) - larger));
}

/** ln of the sum of e^x over all values; -Infinity for none. */
export function lnSum(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number);
  if (largest === -Infinity || largest === Infinity) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - largest);
  return largest + Math.log(sum);
}

/**
 * ln(ratio) - (ratio - 1) for ratio > 0, never above 0. `excess` is ratio - 1, which the caller knows without cancellation; near
 * ratio = 1, where the two terms cancel, the series of 2 artanh(excess / (2 + excess)).
 */
export function lnMinusExcess(ratio: number, excess: number): number {
  if (excess > 0.5 || excess < -0.5) return Math.log(ratio) - excess;
  const r = excess / (2 + excess);
  const y = r * r;
  let power = y;
  let sum = 0;
  for (let k = 3; power > EPSILON * sum; k += 2) {
    sum += power / k;
    power *= y;
  }
  return r * (2 * sum - excess);
}

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const ONE_OVER_SQRT_PI = 0.5641895835477563;
/** Below, the series of erf; above, the continued fraction of erfc. */
const SPLIT = 2;

/** The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (Math.abs(x) < SPLIT) return erfSeries(x);
  return x > 0 ? 1 - erfcLarge(x) : erfcLarge(-x) - 1;
}

/** 1 - erf(x), with full relative accuracy in the right tail until it underflows at about x = 27. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -SPLIT) return 2 - erfcLarge(-x);
  return x < SPLIT ? 1 - erfSeries(x) : erfcLarge(x);
}

/** ln erfc(x), which stays finite in the right tail where erfc itself underflows. */
export function lnErfc(x: number): number {
  if (x === Infinity) return -Infinity;
  if (x > -SPLIT && x < 0.5) return Math.log1p(-erfSeries(x));
  return x < SPLIT ? Math.log(erfc(x)) : Math.log(scaledErfc(x)) - x * x;
}

/** e^(-x^2) times a series of positive terms (Abramowitz and Stegun 7.1.6). */
function erfSeries(x: number): number {
  const doubled = 2 * x * x;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > Math.abs(sum) * 1e-17; k += 2) {
    term *= doubled / k;
    sum += term;
  }
  return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
}

function erfcLarge(x: number): number {
  return x > 28 ? 0 : scaledErfc(x) * Math.exp(-x * x);
}

/** e^(x^2) erfc(x) for x >= 2 by its continued fraction from the far end (Abramowitz and Stegun 7.1.14). */
function scaledErfc(x: number): number {
  let tail = x;
  for (let k = Math.ceil(12 + 240 / (x * x)); k > 0; k--) tail = x + k / 2 / tail;
  return ONE_OVER_SQRT_PI / tail;
}

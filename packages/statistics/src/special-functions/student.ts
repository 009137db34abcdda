import { requireOpenUnit, requirePositive } from "../invalid-argument.ts";
import { lnBetaTails } from "./incomplete-beta.ts";
import type { LnTails } from "./incomplete-gamma.ts";
import { lnNormalCdf, normalQuantile } from "./normal.ts";
import { solveIncreasing } from "./solve.ts";

/** Logarithms of the two tails of Student's t distribution: ln P(T <= t) and ln P(T > t). */
export function lnStudentTails(t: number, degreesOfFreedom: number): LnTails {
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  if (Number.isNaN(t)) return { lower: Number.NaN, upper: Number.NaN };
  const far = lnFarTail(Math.abs(t), degreesOfFreedom);
  const near = Math.log1p(-Math.exp(far));
  return t > 0 ? { lower: near, upper: far } : { lower: far, upper: near };
}

/** From here on the continued fraction would lose digits, and Hill's expansion has all of them. */
const MANY_DEGREES = 1e6;

/** ln P(T > t) for t >= 0: half of I_(v / (v + t^2))(v / 2, 1 / 2). */
function lnFarTail(t: number, degreesOfFreedom: number): number {
  const square = t * t;
  if (square === Infinity) return -Infinity;
  if (degreesOfFreedom > MANY_DEGREES) return lnNormalCdf(-equivalentZ(square, degreesOfFreedom));
  const total = degreesOfFreedom + square;
  const x = degreesOfFreedom / total;
  return lnBetaTails(x, degreesOfFreedom / 2, 0.5, square / total).lower - Math.LN2;
}

/** The z with the tail of t; the first correction of Hill 1970 (algorithm 395), the next is of order 1 / v^4. */
function equivalentZ(square: number, degreesOfFreedom: number): number {
  const a = degreesOfFreedom - 0.5;
  const w = Math.sqrt(a * Math.log1p(square / degreesOfFreedom));
  return w + (w * w * w + 3 * w) / (48 * a * a);
}

/** The t with P(T <= t) = p, for 0 < p < 1 and `degreesOfFreedom` > 0. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  requireOpenUnit("p", p);
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  const target = Math.log(p);
  // Student's tails are the heavier ones, so the normal quantile is a lower end; x = ln t spans the tails in few steps.
  const start = Math.log(Math.max(1e-300, -normalQuantile(p)) * 0.9);
  return -Math.exp(
    solveIncreasing((x) => target - lnFarTail(Math.exp(x), degreesOfFreedom), start, start + 1),
  );
}

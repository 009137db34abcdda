import { requireCount, requireOpenUnit } from "../invalid-argument.ts";

/**
 * The level of the i-th attempt, 6 alpha / (pi^2 i^2): over any number of attempts the levels add up to at most alpha, so that
 * trying again often enough does not make a false verdict likely.
 *
 * @param attempt 1 for the first
 */
export function attemptAlpha(alpha: number, attempt: number): number {
  requireOpenUnit("alpha", alpha);
  requireCount("attempt", attempt, 1);
  return (6 * alpha) / (Math.PI * attempt) ** 2;
}

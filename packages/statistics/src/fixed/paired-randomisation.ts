import { InvalidArgument, requireCount, requireFinite } from "../invalid-argument.ts";
import { SeededRandom } from "../random/seeded-random.ts";

export interface PairedRandomisationOptions {
  /** The same seed gives the same value. */
  readonly seed: string | number;
  /** Default 10,000. */
  readonly resamples?: number;
}

/**
 * One-sided p-value of the hypothesis that a candidate is no better than its baseline, by Fisher's randomisation test over pairs: under
 * it each difference has either sign with the same probability. (1 + resamples with a sum at least as large) / (1 + resamples), which is
 * valid at any number of resamples (Phipson and Smyth 2010); for rankings the test of choice (Smucker, Allan and Carterette 2007).
 *
 * @param differences one per pair (candidate − baseline on the same query), at least one
 */
export function pairedRandomisation(
  differences: ArrayLike<number>,
  { seed, resamples = 10_000 }: PairedRandomisationOptions,
): { mean: number; pValue: number } {
  requireCount("resamples", resamples, 1);
  const all = Float64Array.from(differences);
  if (all.length === 0) throw new InvalidArgument("differences", "a list that is not empty", []);
  all.forEach((value, index) => requireFinite(`differences[${index}]`, value));
  // A pair without a difference keeps its sum whatever its sign.
  const values = all.filter((value) => value !== 0);
  const observed = values.reduce((sum, value) => sum + value, 0);
  // Sums of the same numbers in another order differ in the last digits.
  const tolerance = 1e-12 * values.reduce((sum, value) => sum + Math.abs(value), 0);
  const random = new SeededRandom(seed);
  let atLeast = 0;
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    let bits = 0;
    for (let index = 0; index < values.length; index++) {
      if (index % 32 === 0) bits = random.uint32();
      sum += ((bits >>> (index % 32)) & 1) === 0 ? (values[index] as number) : -(values[index] as number);
    }
    if (sum >= observed - tolerance) atLeast++;
  }
  return { mean: observed / all.length, pValue: (1 + atLeast) / (1 + resamples) };
}

import { InvalidArgument, requireCount, requireFinite, requireOpenUnit } from "../invalid-argument.ts";
import { SeededRandom } from "../random/seeded-random.ts";

export interface PairedBootstrapOptions {
  /** The same seed gives the same bound. */
  readonly seed: string | number;
  /** One-sided confidence of the lower bound; default 0.95. */
  readonly confidence?: number;
  /** Default 10,000. */
  readonly resamples?: number;
}

/**
 * Lower confidence bound of the mean difference of pairs (candidate - baseline on the same example), by the percentile bootstrap
 * over pairs: the value that a share 1 - confidence of the resampled means does not exceed.
 *
 * @param differences one per pair, at least one; pairs of one cluster should be averaged first
 */
export function pairedBootstrapLowerBound(
  differences: ArrayLike<number>,
  options: PairedBootstrapOptions,
): { mean: number; lower: number } {
  const { confidence = 0.95, resamples = 10_000 } = options;
  requireOpenUnit("confidence", confidence);
  requireCount("resamples", resamples, 1);
  const values = Float64Array.from(differences);
  const n = values.length;
  if (n === 0) throw new InvalidArgument("differences", "a list that is not empty", []);
  values.forEach((value, i) => requireFinite(`differences[${i}]`, value));
  const rank = Math.floor((1 - confidence) * (resamples + 1));
  if (rank < 1) throw new InvalidArgument("resamples", "at least 1 / (1 - confidence)", resamples);

  const random = new SeededRandom(options.seed);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    // 32 bits choose among n pairs with a bias below n / 2^32.
    for (let k = 0; k < n; k++) sum += values[Math.floor((random.uint32() / 2 ** 32) * n)] as number;
    means[i] = sum / n;
  }
  means.sort();
  return { mean: values.reduce((sum, value) => sum + value, 0) / n, lower: means[rank - 1] as number };
}

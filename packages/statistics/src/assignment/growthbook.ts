import { InvalidArgument } from "../invalid-argument.ts";
import { findRange, variantRanges, type VariantRange } from "./variant-ranges.ts";

/**
 * 32-bit FNV-1a as GrowthBook's JavaScript SDK computes it: over UTF-16 code units, not over bytes. Its other SDKs agree on
 * ASCII only.
 */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** GrowthBook's hash version 2: one of 10,000 positions in [0, 1). */
export function growthBookPosition(seed: string, unit: string): number {
  return (fnv32a(String(fnv32a(seed + unit))) % 10_000) / 10_000;
}

/**
 * Ranges of GrowthBook's `getBucketRanges`.
 *
 * @param weights fractions that add up to 1 (0.99 to 1.01, as there; other sums, which it silently replaces, are refused)
 */
export function growthBookRanges(weights: readonly number[], coverage: number = 1): VariantRange[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total >= 0.99 && total <= 1.01))
    throw new InvalidArgument("weights", "fractions that add up to 1", weights);
  return variantRanges(weights, coverage);
}

/** The arm that GrowthBook's hash version 2 gives; `undefined` outside the coverage. */
export function assignGrowthBookVariant(
  seed: string,
  unit: string,
  ranges: readonly VariantRange[],
): number | undefined {
  return findRange(growthBookPosition(seed, unit), ranges);
}

import { InvalidArgument, requireCount } from "../invalid-argument.ts";
import { murmur3 } from "./murmur3.ts";
import { findRange, variantRanges, type VariantRange } from "./variant-ranges.ts";

/** With a total of at most 2^21, hash times total stays below 2^53 and plain numbers give what BigInt arithmetic gives. */
export const MAXIMUM_TOTAL_WEIGHT: number = 2 ** 21;

/** Prepared once per experiment and revision by `createAllocation`; plain data. */
export interface Allocation {
  readonly totalWeight: number;
  readonly ranges: readonly VariantRange[];
}

/**
 * @param weights whole numbers (percent, per mille, parts per million), their sum 1 to 2,097,152; an arm of weight 0 gets nobody
 * @param coverage the share of all units that enters, 0 to 1; the rest is in no arm
 * @throws InvalidArgument
 */
export function createAllocation(weights: readonly number[], coverage: number = 1): Allocation {
  weights.forEach((weight, i) => requireCount(`weights[${i}]`, weight));
  const ranges = variantRanges(weights, coverage);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  if (totalWeight > MAXIMUM_TOTAL_WEIGHT) {
    throw new InvalidArgument("weights", `a list with a sum of at most ${MAXIMUM_TOTAL_WEIGHT}`, totalWeight);
  }
  return { totalWeight, ranges };
}

/**
 * Where a unit stands on [0, totalWeight): murmur3_32(utf8(seed + ":" + unit)) totalWeight / 2^32, not rounded down, because a
 * rounded position ignores the coverage where weights are small. Its whole part is the bucket.
 */
export function assignmentPosition(seed: string, unit: string, totalWeight: number): number {
  return (murmur3(`${seed}:${unit}`) * totalWeight) / 2 ** 32;
}

/** The index of the arm of `unit`, the same on every machine and at every call; `undefined` for a unit outside the coverage. */
export function assignVariant(seed: string, unit: string, allocation: Allocation): number | undefined {
  return findRange(assignmentPosition(seed, unit, allocation.totalWeight), allocation.ranges);
}

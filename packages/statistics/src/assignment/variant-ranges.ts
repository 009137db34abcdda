import { InvalidArgument, requireNonNegative, requireUnit } from "../invalid-argument.ts";

/** Half open: a position p is inside where `from <= p < to`. */
export interface VariantRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The ranges of the arms on [0, sum of weights): arm i holds `[w_0 + ... + w_(i-1), that + coverage w_i)`. Every arm has a
 * place of its own that only fills up from its start, so raising the coverage moves no unit from one arm to another.
 *
 * @param weights at least one above 0, in any unit; they may be fractions
 * @param coverage the share of all units that enters the experiment, 0 to 1
 */
export function variantRanges(weights: readonly number[], coverage: number): VariantRange[] {
  requireUnit("coverage", coverage);
  let from = 0;
  const ranges = weights.map((weight, i) => {
    requireNonNegative(`weights[${i}]`, weight);
    const range = { from, to: from + coverage * weight };
    from += weight;
    return range;
  });
  if (from === 0) throw new InvalidArgument("weights", "a list with at least one weight above 0", weights);
  return ranges;
}

/** The index of the range that holds `position`, `undefined` between the ranges. */
export function findRange(position: number, ranges: readonly VariantRange[]): number | undefined {
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i] as VariantRange;
    if (position >= range.from && position < range.to) return i;
  }
  return undefined;
}

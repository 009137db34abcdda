/** Features cut into at most 255 bins each, column by column. */
export interface BinnedFeatures {
  rows: number;
  /** Per feature the upper bounds of all bins but the last, ascending; a value at most `bounds[b]` is in bin b or lower. */
  bounds: Float64Array[];
  /** Per feature the bin of each row. A feature of no value is in bin 0. */
  bins: Uint8Array[];
}

const MAXIMUM_BINS = 255;

function boundsOf(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted();
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  if (distinct.length <= MAXIMUM_BINS) {
    return distinct.slice(1).map((value, index) => ((distinct[index] as number) + value) / 2);
  }
  const bounds: number[] = [];
  for (let bin = 1; bin < MAXIMUM_BINS; bin += 1) {
    const bound = sorted[Math.floor((bin * sorted.length) / MAXIMUM_BINS) - 1] as number;
    if (bound !== bounds.at(-1) && bound < (sorted.at(-1) as number)) bounds.push(bound);
  }
  return Float64Array.from(bounds);
}

/** The first bin whose bound is not below the value. */
function binOf(value: number, bounds: Float64Array): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (bounds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function binFeatures(rows: readonly ArrayLike<number>[], features: number): BinnedFeatures {
  const bounds: Float64Array[] = [];
  const bins: Uint8Array[] = [];
  for (let feature = 0; feature < features; feature += 1) {
    const values = Float64Array.from(rows, (row) => row[feature] ?? Number.NaN);
    const own = boundsOf(values);
    bounds.push(own);
    bins.push(Uint8Array.from(values, (value) => binOf(value, own)));
  }
  return { rows: rows.length, bounds, bins };
}

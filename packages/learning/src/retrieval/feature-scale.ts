/** Means and spreads of features, by which a linear ranker is fitted and applied. */
export interface FeatureScale {
  means: number[];
  /** Standard deviation; 1 for a feature that never varies. */
  deviations: number[];
}

/** Features of no value for a row are taken as the mean, so a missing one moves nothing. */
export function measureScale(rows: readonly (readonly number[])[], features: number): FeatureScale {
  const means: number[] = [];
  const deviations: number[] = [];
  for (let feature = 0; feature < features; feature += 1) {
    let [count, sum] = [0, 0];
    for (const row of rows) {
      const value = row[feature] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      count += 1;
      sum += value;
    }
    const mean = sum / (count || 1);
    let squares = 0;
    for (const row of rows) {
      const value = row[feature] ?? Number.NaN;
      if (Number.isFinite(value)) squares += (value - mean) ** 2;
    }
    const variance = squares / (count || 1);
    means.push(mean);
    deviations.push(variance > 0 ? Math.sqrt(variance) : 1);
  }
  return { means, deviations };
}

export function standardise(row: readonly number[], { means, deviations }: FeatureScale): Float64Array {
  const standard = new Float64Array(means.length);
  for (let feature = 0; feature < means.length; feature += 1) {
    const value = row[feature] ?? Number.NaN;
    if (Number.isFinite(value))
      standard[feature] = (value - (means[feature] as number)) / (deviations[feature] as number);
  }
  return standard;
}

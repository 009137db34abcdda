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
    const values = rows.map((row) => row[feature] ?? Number.NaN).filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length || 1);
    means.push(mean);
    deviations.push(variance > 0 ? Math.sqrt(variance) : 1);
  }
  return { means, deviations };
}

export function standardise(row: readonly number[], { means, deviations }: FeatureScale): Float64Array {
  return Float64Array.from(means, (mean, feature) => {
    const value = row[feature] ?? Number.NaN;
    return Number.isFinite(value) ? (value - mean) / (deviations[feature] as number) : 0;
  });
}

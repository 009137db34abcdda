import {
  addToUnit,
  type ClusteredSketch,
  emptyClusteredSketch,
  mergeClusteredSketches,
} from "./clustered-sketch.ts";
import { mergeCovariates, mergeMoments, NO_MOMENTS, type UnitMoments } from "./unit-moments.ts";
import type { SumsChange } from "./unit-store.ts";

/** Of one metric in one arm of one stage. */
export interface StoredMoments extends UnitMoments {
  /** Of quantile metrics. */
  sketch?: ClusteredSketch;
}

/** Sums over units of one experiment or rollout: stage → arm → metric. Plain data, kept as JSON. */
export type SubjectSums = Record<string, Record<string, Record<string, StoredMoments>>>;

/** The sums of one metric in one arm of one stage; no units where there is nothing yet. */
export function sumsOf(sums: SubjectSums, stage: number, arm: string, metric: string): StoredMoments {
  return sums[String(stage)]?.[arm]?.[metric] ?? NO_MOMENTS;
}

/** Both together; the given ones stay as they are. */
export function addMoments(a: StoredMoments, b: StoredMoments): StoredMoments {
  const merged = mergeMoments(a, b);
  if (a.sketch === undefined && b.sketch === undefined) return merged;
  return { ...merged, sketch: mergeClusteredSketches(a.sketch, b.sketch) };
}

/** The sums of one metric in one arm over all stages. */
export function sumsOverStages(sums: SubjectSums, arm: string, metric: string): UnitMoments {
  return Object.keys(sums)
    .map((stage) => sumsOf(sums, Number(stage), arm, metric))
    .reduce<UnitMoments>(mergeMoments, NO_MOMENTS);
}

/** The sums with the changes added; the given ones stay as they are. */
export function addChanges(sums: SubjectSums, changes: readonly SumsChange[]): SubjectSums {
  const result: SubjectSums = structuredClone(sums);
  for (const change of changes) {
    const { stage, arm, metric } = change;
    const arms = (result[String(stage)] ??= {});
    const metrics = (arms[arm] ??= {});
    const known: StoredMoments = metrics[metric] ?? NO_MOMENTS;
    const { n, sum, sumSquares, otherSum, otherSumSquares, crossSum } = change;
    const plain = { n, sum, sumSquares, otherSum, otherSumSquares, crossSum };
    const moments: StoredMoments = mergeMoments(known, plain);
    for (const covariate of change.covariates ?? []) {
      moments.covariate = moments.covariate ? mergeCovariates(moments.covariate, covariate) : covariate;
    }
    if (known.sketch !== undefined || change.sketches) {
      moments.sketch = known.sketch ?? emptyClusteredSketch();
      for (const [now, added] of (change.sketches ?? []).flat()) addToUnit(moments.sketch, now, added);
    }
    metrics[metric] = moments;
  }
  return result;
}

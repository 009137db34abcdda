import { mergePairedUnitSums, NO_PAIRED_UNITS, type PairedUnitSums } from "@agent-learning/statistics";
import type { SumsChange } from "./unit-store.ts";

/** Sums over units of one experiment or rollout: stage → arm → metric. Plain data, kept as JSON. */
export type SubjectSums = Record<string, Record<string, Record<string, PairedUnitSums>>>;

/** The sums of one metric in one arm of one stage; no units where there is nothing yet. */
export function sumsOf(sums: SubjectSums, stage: number, arm: string, metric: string): PairedUnitSums {
  return sums[String(stage)]?.[arm]?.[metric] ?? NO_PAIRED_UNITS;
}

/** The sums of one metric in one arm over all stages. */
export function sumsOverStages(sums: SubjectSums, arm: string, metric: string): PairedUnitSums {
  return Object.keys(sums)
    .map((stage) => sumsOf(sums, Number(stage), arm, metric))
    .reduce(mergePairedUnitSums, NO_PAIRED_UNITS);
}

/** The sums with the changes added; the given ones stay as they are. */
export function addChanges(sums: SubjectSums, changes: readonly SumsChange[]): SubjectSums {
  const result: SubjectSums = structuredClone(sums);
  for (const change of changes) {
    const { stage, arm, metric } = change;
    const arms = (result[String(stage)] ??= {});
    const metrics = (arms[arm] ??= {});
    metrics[metric] = mergePairedUnitSums(metrics[metric] ?? NO_PAIRED_UNITS, change);
  }
  return result;
}

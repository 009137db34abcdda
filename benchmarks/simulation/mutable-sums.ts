/** `PairedUnitSums` that is added to in place: a simulation adds hundreds of millions of units. */
export interface MutablePairedSums {
  n: number;
  sum: number;
  sumSquares: number;
  otherSum: number;
  otherSumSquares: number;
  crossSum: number;
}

/** Stage, arm, metric: `SubjectSums` of the product. */
export type MutableSums<Metric extends string> = Record<
  string,
  Record<string, Record<Metric, MutablePairedSums>>
>;

function noUnits(): MutablePairedSums {
  return { n: 0, sum: 0, sumSquares: 0, otherSum: 0, otherSumSquares: 0, crossSum: 0 };
}

/** The sums of an arm in a stage, made where there are none yet. */
export function sumsOfStage<Metric extends string>(
  sums: MutableSums<Metric>,
  stage: number,
  arm: string,
  metrics: readonly Metric[],
): Record<Metric, MutablePairedSums> {
  const arms = (sums[stage] ??= {});
  return (arms[arm] ??= Object.fromEntries(metrics.map((metric) => [metric, noUnits()])) as Record<
    Metric,
    MutablePairedSums
  >);
}

/** One unit more: its sum over its outcomes, and how many they are. */
export function addToSums(sums: MutablePairedSums, value: number, other: number): void {
  sums.n += 1;
  sums.sum += value;
  sums.sumSquares += value * value;
  sums.otherSum += other;
  sums.otherSumSquares += other * other;
  sums.crossSum += value * other;
}

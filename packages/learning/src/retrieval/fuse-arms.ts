/** What one ranker says of one query: scores by chunk, higher is better, in any unit. */
export type ArmScores = ReadonlyMap<string, number>;

/** Scores moved to 0..1 within the query: best 1, worst 0; 1 for all where they are equal. What is not a number is left out. */
export function minMax(scores: ArmScores): Map<string, number> {
  const usable = [...scores].filter(([, score]) => Number.isFinite(score));
  const values = usable.map(([, score]) => score);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const width = high - low;
  return new Map(usable.map(([chunk, score]) => [chunk, width > 0 ? (score - low) / width : 1]));
}

/**
 * Weighted sum of min–max scores, best first; equal scores by chunk, so that the order is always the same. A chunk that an arm
 * does not have counts 0 there. Rank fusion without weights
 * is left out on purpose: there a weak arm speaks as loudly as a strong one.
 */
export function fuseArms(
  arms: readonly ArmScores[],
  weights: readonly number[],
): { chunk: string; score: number }[] {
  const total = new Map<string, number>();
  for (const [index, arm] of arms.entries()) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    for (const [chunk, score] of minMax(arm)) total.set(chunk, (total.get(chunk) ?? 0) + weight * score);
  }
  return [...total]
    .map(([chunk, score]) => ({ chunk, score }))
    .toSorted((one, other) => other.score - one.score || (one.chunk < other.chunk ? -1 : 1));
}

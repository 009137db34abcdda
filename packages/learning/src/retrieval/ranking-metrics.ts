/** How relevant each chunk is to one query, above 0; a chunk that is not named is not relevant. */
export type Grades = ReadonlyMap<string, number>;

/** `linear`: the grade itself (trec_eval); `exponential`: 2^grade − 1 (Burges et al. 2005, LightGBM). The same for 0 and 1. */
export type Gain = "linear" | "exponential";

const gainOf = (grade: number, gain: Gain): number => (gain === "linear" ? grade : 2 ** grade - 1);

/** Σ gain / log2(rank + 1) over the given gains in order (Järvelin and Kekäläinen 2002). */
function discounted(gains: readonly number[]): number {
  let sum = 0;
  for (const [index, gain] of gains.entries()) sum += gain / Math.log2(index + 2);
  return sum;
}

/**
 * Normalised discounted cumulative gain at `cut`, 0 to 1: the ranking's discounted gain over that of the best possible one.
 * 0 where nothing is relevant.
 */
export function ndcg(ranked: readonly string[], grades: Grades, cut: number, gain: Gain = "linear"): number {
  const best = discounted(
    [...grades.values()]
      .map((grade) => gainOf(grade, gain))
      .toSorted((one, other) => other - one)
      .slice(0, cut),
  );
  if (best <= 0) return 0;
  return discounted(ranked.slice(0, cut).map((chunk) => gainOf(grades.get(chunk) ?? 0, gain))) / best;
}

/** 1 over the rank of the first relevant chunk within `cut`, 0 where there is none. */
export function reciprocalRank(ranked: readonly string[], grades: Grades, cut: number): number {
  const index = ranked.slice(0, cut).findIndex((chunk) => (grades.get(chunk) ?? 0) > 0);
  return index === -1 ? 0 : 1 / (index + 1);
}

/** The share of the relevant chunks that are within `cut`, 0 where nothing is relevant. */
export function recall(ranked: readonly string[], grades: Grades, cut: number): number {
  const relevant = [...grades.values()].filter((grade) => grade > 0).length;
  if (relevant === 0) return 0;
  return ranked.slice(0, cut).filter((chunk) => (grades.get(chunk) ?? 0) > 0).length / relevant;
}

/** What the gate and the reports look at, for one query. */
export interface RankingScores {
  ndcg10: number;
  reciprocalRank10: number;
  recall5: number;
  recall10: number;
  recall100: number;
}

/** All scores of one ranking, of which at least the first hundred places should be given. */
export function scoreRanking(ranked: readonly string[], grades: Grades): RankingScores {
  return {
    ndcg10: ndcg(ranked, grades, 10),
    reciprocalRank10: reciprocalRank(ranked, grades, 10),
    recall5: recall(ranked, grades, 5),
    recall10: recall(ranked, grades, 10),
    recall100: recall(ranked, grades, 100),
  };
}

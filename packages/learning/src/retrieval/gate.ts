import { pairedRandomisation } from "@agent-learning/statistics";
import type { RankingScores } from "./ranking-metrics.ts";

/** One held-out query under the version in service and under the candidate. */
export interface GateQuery {
  id: string;
  baseline: RankingScores;
  candidate: RankingScores;
  /** Guarded groups that it belongs to: "warm" or "cold", a tenant, a language. */
  slices: readonly string[];
}

export interface GateOptions {
  seed: string;
  /** Probability of promoting a candidate that is no better; default .05, less for repeated attempts on the same queries. */
  alpha?: number;
  /** Loss of nDCG@10 in a slice that is accepted; default .01. */
  sliceTolerance?: number;
  /** Queries from which on a slice is guarded; default 20. */
  sliceMinimum?: number;
}

export interface RankingSlice {
  slice: string;
  queries: number;
  baseline: number;
  candidate: number;
  /** False where there are too few queries to guard it. */
  guarded: boolean;
  worse: boolean;
}

export interface RankingGateResult {
  verdict: "promote" | "keep";
  /** Why it is kept, in sentences; empty for a promotion. */
  reasons: string[];
  queries: number;
  baseline: RankingScores;
  candidate: RankingScores;
  /** One-sided, of nDCG@10. */
  pValue: number;
  slices: RankingSlice[];
}

const KEYS = ["ndcg10", "reciprocalRank10", "recall5", "recall10", "recall100"] as const;

function meanScores(list: readonly RankingScores[]): RankingScores {
  const mean = (key: keyof RankingScores): number =>
    list.reduce((sum, scores) => sum + scores[key], 0) / (list.length || 1);
  return Object.fromEntries(KEYS.map((key) => [key, mean(key)])) as unknown as RankingScores;
}

/**
 * Whether a ranking replaces the one in service. It must be better in nDCG@10 on queries that nothing was learned from (paired
 * randomisation, 10,000 resamples), no guarded slice may lose more than the tolerance, and recall@100 may not fall: what is not found
 * cannot be ranked by anybody later.
 */
export function rankingGate(
  queries: readonly GateQuery[],
  { seed, alpha = 0.05, sliceTolerance = 0.01, sliceMinimum = 20 }: GateOptions,
): RankingGateResult {
  const baseline = meanScores(queries.map((query) => query.baseline));
  const candidate = meanScores(queries.map((query) => query.candidate));
  const names = [...new Set(queries.flatMap((query) => query.slices))].toSorted();
  const slices = names.map((slice): RankingSlice => {
    const own = queries.filter((query) => query.slices.includes(slice));
    const before = meanScores(own.map((query) => query.baseline)).ndcg10;
    const after = meanScores(own.map((query) => query.candidate)).ndcg10;
    const guarded = own.length >= sliceMinimum;
    return {
      slice,
      queries: own.length,
      baseline: before,
      candidate: after,
      guarded,
      worse: guarded && after < before - sliceTolerance,
    };
  });
  if (queries.length === 0) {
    const reasons = [
      "No held-out query has a known relevant chunk: collect feedback on answers or chunks first.",
    ];
    return { verdict: "keep", reasons, queries: 0, baseline, candidate, pValue: 1, slices };
  }
  const differences = queries.map((query) => query.candidate.ndcg10 - query.baseline.ndcg10);
  const { mean, pValue } = pairedRandomisation(differences, { seed });
  const reasons: string[] = [];
  if (!(mean > 0 && pValue < alpha)) {
    reasons.push(
      `nDCG@10 went from ${baseline.ndcg10.toFixed(3)} to ${candidate.ndcg10.toFixed(3)} over ${queries.length} held-out queries (p = ${pValue.toFixed(3)}, needed: below ${alpha}).`,
    );
  }
  for (const { slice, worse, baseline: before, candidate: after, queries: count } of slices) {
    if (worse)
      reasons.push(
        `The slice "${slice}" (${count} queries) would fall from ${before.toFixed(3)} to ${after.toFixed(3)}; ${sliceTolerance} is accepted.`,
      );
  }
  if (candidate.recall100 < baseline.recall100 - 1e-9) {
    reasons.push(
      `Recall@100 would fall from ${baseline.recall100.toFixed(3)} to ${candidate.recall100.toFixed(3)}.`,
    );
  }
  return {
    verdict: reasons.length === 0 ? "promote" : "keep",
    reasons,
    queries: queries.length,
    baseline,
    candidate,
    pValue,
    slices,
  };
}

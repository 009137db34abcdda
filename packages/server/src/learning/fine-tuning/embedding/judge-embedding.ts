import { pairedBootstrapLowerBound } from "@agent-learning/statistics";
import { z } from "zod";

const ranks = z.array(z.number().int().min(1)).min(1);
const schema = z.object({ retrieval: z.object({ before: ranks, after: ranks }) });

/** How an embedder finds the passages of queries that it was not trained on, against the model that it was made of. */
export interface EmbeddingGate {
  /** Mean reciprocal rank of the passage among all passages of the held-out pairs. */
  metric: "mean_reciprocal_rank";
  baseline_score: number;
  candidate_score: number;
  difference: number;
  /** 95 %, by the paired bootstrap; what it begins with decides. */
  interval: [number, number];
  rows: number;
  /** Queries whose passage it finds sooner, and later. */
  wins: number;
  losses: number;
  /** Why it is not released; undefined: it is better. */
  refusal?: string;
}

const SEED = "embedding";

/** @param trainer what the trainer measured: the place of each held-out query's passage before and after, from 1 */
export function judgeEmbedding(trainer: unknown): EmbeddingGate {
  const parsed = schema.safeParse(trainer);
  const { before, after } = parsed.data?.retrieval ?? { before: [], after: [] };
  const metric = "mean_reciprocal_rank";
  if (before.length === 0 || before.length !== after.length) {
    const none = {
      baseline_score: 0,
      candidate_score: 0,
      difference: 0,
      interval: [0, 0] as [number, number],
      rows: 0,
      wins: 0,
      losses: 0,
    };
    return { metric, ...none, refusal: "The trainer did not measure what the embedder finds." };
  }
  const mean = (places: readonly number[]): number =>
    places.reduce((sum, place) => sum + 1 / place, 0) / places.length;
  const differences = after.map((place, index) => 1 / place - 1 / (before[index] ?? 1));
  const bound = (values: readonly number[]): { mean: number; lower: number } =>
    pairedBootstrapLowerBound(values, { seed: SEED, confidence: 0.975 });
  const { mean: difference, lower } = bound(differences);
  const gate: EmbeddingGate = {
    metric,
    baseline_score: mean(before),
    candidate_score: mean(after),
    difference,
    interval: [lower, -bound(differences.map((value) => -value)).lower],
    rows: before.length,
    wins: differences.filter((value) => value > 0).length,
    losses: differences.filter((value) => value < 0).length,
  };
  if (lower > 0) return gate;
  return {
    ...gate,
    refusal: `It does not find the passages of ${before.length} held-out queries provably better: mean reciprocal rank ${gate.baseline_score.toFixed(3)} before, ${gate.candidate_score.toFixed(3)} after.`,
  };
}

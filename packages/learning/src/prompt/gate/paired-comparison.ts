import { normalQuantile, pairedBootstrapLowerBound } from "@agent-learning/statistics";

/** The scores of both sides on one row. */
export interface PairedScore {
  rowId: string;
  seed: number;
  candidate: number;
}

export interface PairedComparison {
  rows: number;
  /** Rows on which the candidate scored higher. */
  wins: number;
  losses: number;
  ties: number;
  /** True when all scores are 0 or 1. */
  binary: boolean;
  seedMean: number;
  candidateMean: number;
  /** Candidate minus seed. */
  difference: number;
  /** Two-sided interval of the difference; [-1, 1] without rows. */
  interval: [number, number];
  confidence: number;
}

const RESAMPLES = 10_000;

/**
 * Candidate against seed on the same rows. Interval of the difference: for scores of 0 and 1 Wald's with half a win and half a loss
 * added and two rows (Agresti and Min 2005, Statistics in Medicine 24:729), otherwise the percentile bootstrap over rows.
 */
export function pairedComparison(
  scores: readonly PairedScore[],
  { confidence = 0.95, randomSeed = "comparison" }: { confidence?: number; randomSeed?: string } = {},
): PairedComparison {
  const differences = scores.map((row) => row.candidate - row.seed);
  const wins = differences.filter((difference) => difference > 0).length;
  const losses = differences.filter((difference) => difference < 0).length;
  const binary = scores.every((row) => isBinary(row.seed) && isBinary(row.candidate));
  const seedMean = mean(scores.map((row) => row.seed));
  const candidateMean = mean(scores.map((row) => row.candidate));
  return {
    rows: scores.length,
    wins,
    losses,
    ties: scores.length - wins - losses,
    binary,
    seedMean,
    candidateMean,
    difference: mean(differences),
    interval: binary
      ? agrestiMin(wins, losses, scores.length, confidence)
      : bootstrapInterval(differences, confidence, randomSeed),
    confidence,
  };
}

function agrestiMin(wins: number, losses: number, rows: number, confidence: number): [number, number] {
  if (rows === 0) return [-1, 1];
  const total = rows + 2;
  const gain = wins - losses;
  const spread = Math.sqrt(Math.max(0, wins + losses + 1 - gain ** 2 / total)) / total;
  const half = -normalQuantile((1 - confidence) / 2) * spread;
  return [Math.max(-1, gain / total - half), Math.min(1, gain / total + half)];
}

function bootstrapInterval(
  differences: readonly number[],
  confidence: number,
  seed: string,
): [number, number] {
  if (differences.length === 0) return [-1, 1];
  const options = { seed, confidence: (1 + confidence) / 2, resamples: RESAMPLES };
  const { lower } = pairedBootstrapLowerBound(differences, options);
  const mirrored = pairedBootstrapLowerBound(
    differences.map((difference) => -difference),
    options,
  );
  return [lower, -mirrored.lower];
}

function isBinary(score: number): boolean {
  return score === 0 || score === 1;
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

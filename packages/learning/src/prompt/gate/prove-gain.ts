import { mcNemarTest, pairedBootstrapLowerBound, SeededRandom } from "@agent-learning/statistics";
import type { PairedComparison, PairedScore } from "./paired-comparison.ts";

export interface GainProof {
  test: "mcnemar" | "paired_bootstrap";
  /** One-sided, of "the candidate is not better". */
  pValue: number;
  /** One-sided lower bound of the difference at the level; only from the bootstrap. */
  lowerBound?: number;
  /** One-sided level that was asked for. */
  level: number;
  proven: boolean;
}

const LEAST_RESAMPLES = 10_000;
const MOST_DRAWS = 30_000_000;

/**
 * Whether the candidate is better, at a one-sided level. Scores of 0 and 1: exact McNemar test. Other scores: the
 * lower bound of the paired bootstrap must be above 0 and, because a bootstrap of few differing rows is too sure of
 * itself, a randomisation test that flips the signs of the differences must agree.
 */
export function proveGain(
  scores: readonly PairedScore[],
  comparison: PairedComparison,
  { level, randomSeed }: { level: number; randomSeed: string },
): GainProof {
  if (comparison.binary) {
    const pValue = mcNemarTest({
      onlyBaseline: comparison.losses,
      onlyCandidate: comparison.wins,
      alternative: "greater",
    });
    return { test: "mcnemar", pValue, level, proven: pValue <= level };
  }
  const differences = scores.map((row) => row.candidate - row.seed);
  const resamples = resamplesFor(level, differences.length);
  const pValue = signFlipTest(differences, resamples, randomSeed);
  const { lower } = pairedBootstrapLowerBound(differences, {
    seed: `${randomSeed}:bootstrap`,
    confidence: 1 - level,
    resamples,
  });
  return {
    test: "paired_bootstrap",
    pValue,
    lowerBound: lower,
    level,
    proven: lower > 0 && pValue <= level,
  };
}

/** Enough to see a tail of the level, within bounds of work. */
function resamplesFor(level: number, rows: number): number {
  const wanted = Math.max(LEAST_RESAMPLES, Math.ceil(100 / level));
  return Math.max(Math.ceil(4 / level), Math.min(wanted, Math.floor(MOST_DRAWS / rows)));
}

/** Share of random sign assignments whose sum is at least the observed one; the observed one counts too. */
function signFlipTest(differences: readonly number[], resamples: number, seed: string): number {
  const random = new SeededRandom(`${seed}:signs`);
  const moving = differences.filter((difference) => difference !== 0);
  const observed = moving.reduce((sum, difference) => sum + difference, 0);
  // Sums of the same numbers in another order may differ in the last bits.
  const threshold = observed - 1e-9 * Math.max(1, Math.abs(observed));
  let atLeast = 1;
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    let bits = 0;
    for (const [index, difference] of moving.entries()) {
      if (index % 32 === 0) bits = random.uint32();
      sum += bits & 1 ? difference : -difference;
      bits >>>= 1;
    }
    if (sum >= threshold) atLeast += 1;
  }
  return atLeast / (resamples + 1);
}

import { pairedComparison, type PairedScore } from "../prompt/gate/paired-comparison.ts";
import { proveGain } from "../prompt/gate/prove-gain.ts";
import type { CaseResult } from "./classify-case.ts";
import { explainRegression } from "./explain-regression.ts";
import type { JudgedAttempt } from "./regression-case.ts";

export interface RegressionPolicy {
  /** Least pass rate, 0 to 1, by slice. */
  sliceFloors: Readonly<Record<string, number>>;
  /** Level of the one-sided test that the candidate is worse than the baseline. */
  significance: number;
  /** Share of pinned cases, 0 to 1, that may be quarantined or not judged before nothing is concluded. */
  maxUnjudged: number;
  /** Fewest active cases. */
  minCases: number;
}

export interface SliceResult {
  slice: string;
  /** Judged cases that are not quarantined. */
  cases: number;
  /** Mean pass rate of the candidate, 0 to 1; null without cases. */
  passRate: number | null;
  baselinePassRate: number | null;
  floor: number | null;
  held: boolean;
}

export interface PairedTest {
  /** Cases that both answered and that are not quarantined. */
  cases: number;
  test: "mcnemar" | "paired_bootstrap";
  /** Cases on which only the candidate, and on which only the baseline, did better. */
  wins: number;
  losses: number;
  /** Candidate − baseline, and its two-sided 95 % interval. */
  difference: number;
  interval: [number, number];
  /** One-sided, of "the candidate is not worse". */
  pValue: number;
  isWorse: boolean;
}

export interface RegressionReport {
  verdict: "passed" | "failed" | "inconclusive";
  sentence: string;
  cases: CaseResult[];
  slices: SliceResult[];
  /** Null without a baseline, or without a case that both answered. */
  paired: PairedTest | null;
}

export interface RegressionEvidence {
  results: readonly CaseResult[];
  /** First attempts by case: repeats are asked of disputed cases only, and would favour neither side but blur the test. */
  first: ReadonlyMap<string, { candidate: JudgedAttempt | undefined; baseline: JudgedAttempt | undefined }>;
  policy: RegressionPolicy;
  randomSeed?: string;
}

const counts = (result: CaseResult): boolean =>
  result.status !== "quarantined" && result.status !== "not_judged";

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function slicesOf(results: readonly CaseResult[], floors: Readonly<Record<string, number>>): SliceResult[] {
  const names = new Set([...results.flatMap(({ slices }) => slices), ...Object.keys(floors)]);
  return [...names].sort().map((slice) => {
    const members = results.filter((result) => counts(result) && result.slices.includes(slice));
    const passRate = mean(members.map(({ candidateShare }) => candidateShare ?? 0));
    const floor = floors[slice] ?? null;
    return {
      slice,
      cases: members.length,
      passRate,
      baselinePassRate: mean(
        members.flatMap(({ baselineShare }) => (baselineShare === null ? [] : [baselineShare])),
      ),
      floor,
      // Rounding must not break a floor that is met.
      held: floor === null || (passRate ?? 0) >= floor - 1e-9,
    };
  });
}

function pairedTest({
  results,
  first,
  policy,
  randomSeed = "regression",
}: RegressionEvidence): PairedTest | null {
  const pairs = results.filter(counts).flatMap(({ id }): PairedScore[] => {
    const { candidate, baseline } = first.get(id) ?? {};
    if (candidate?.score == null || baseline?.score == null) return [];
    return [{ rowId: id, seed: baseline.score, candidate: candidate.score }];
  });
  if (pairs.length === 0) return null;
  const comparison = pairedComparison(pairs, { randomSeed });
  // "The candidate is worse" is "the baseline is better": the same test with the sides exchanged.
  const exchanged = pairs.map(({ rowId, seed, candidate }) => ({ rowId, seed: candidate, candidate: seed }));
  const proof = proveGain(exchanged, pairedComparison(exchanged, { randomSeed }), {
    level: policy.significance,
    randomSeed,
  });
  return {
    cases: pairs.length,
    test: proof.test,
    wins: comparison.wins,
    losses: comparison.losses,
    difference: comparison.difference,
    interval: comparison.interval,
    pValue: proof.pValue,
    isWorse: proof.proven,
  };
}

/**
 * The verdict on an agent's cases. Failed: a pinned case broke, a slice fell below its floor, or the candidate is worse than the
 * baseline over all cases. Inconclusive: too little could be judged to say that nothing broke.
 */
export function judgeRegression(evidence: RegressionEvidence): RegressionReport {
  const { results, policy } = evidence;
  const slices = slicesOf(results, policy.sliceFloors);
  const paired = pairedTest(evidence);
  const pinned = results.filter(({ isPinned }) => isPinned);
  const unjudged = pinned.filter((result) => !counts(result)).length;
  const failed =
    results.some(({ status }) => status === "broken") ||
    slices.some(({ held, cases }) => !held && cases > 0) ||
    paired?.isWorse === true;
  const inconclusive =
    results.length < policy.minCases ||
    (pinned.length > 0 && unjudged / pinned.length > policy.maxUnjudged) ||
    slices.some(({ floor, cases }) => floor !== null && floor > 0 && cases === 0);
  const verdict = failed ? "failed" : inconclusive ? "inconclusive" : "passed";
  const report: Omit<RegressionReport, "sentence"> = { verdict, cases: [...results], slices, paired };
  return { ...report, sentence: explainRegression(report, policy) };
}

import { pairedBootstrapLowerBound } from "@agent-learning/statistics";

/** What held-out tasks scored with and without one rule. */
export interface RuleTrial {
  ruleId: string;
  /** The same tasks on both sides; 0 to 1. */
  pairs: readonly { without: number; with: number }[];
}

export interface RuleJudgement {
  ruleId: string;
  verdict: "keep" | "retire";
  /** Mean of with - without. */
  gain: number;
  /** One-sided lower bound at the level shared by all rules. */
  lower: number;
}

/**
 * A rule stays only where held-out tasks prove it: the lower bound of the paired bootstrap, at `level` shared among the rules
 * (Bonferroni), is above 0. What is not tried, or not proven, is retired.
 */
export function judgeRules(
  trials: readonly RuleTrial[],
  options: { seed: string; level?: number; resamples?: number },
): RuleJudgement[] {
  const { seed, level = 0.05 } = options;
  const share = level / Math.max(1, trials.length);
  const resamples = Math.max(options.resamples ?? 4_000, Math.ceil(20 / share));
  return trials.map(({ ruleId, pairs }) => {
    const differences = pairs.map((pair) => pair.with - pair.without);
    if (differences.length === 0) return { ruleId, verdict: "retire", gain: 0, lower: 0 };
    const { mean, lower } = pairedBootstrapLowerBound(differences, {
      seed: `${seed}:${ruleId}`,
      confidence: 1 - share,
      resamples,
    });
    return { ruleId, verdict: lower > 0 ? "keep" : "retire", gain: mean, lower };
  });
}

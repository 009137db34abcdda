import type { CaseMeasure, JudgedAttempt, RegressionCase } from "./regression-case.ts";

export type CaseStatus =
  | "passed"
  /** Pinned, and answered wrong although the baseline answers it right, or there is none. */
  | "broken"
  /** Wrong, and the baseline fails at it as well: still to be learned. */
  | "still_failing"
  /** Wrong, but not pinned. */
  | "failed"
  /** It measures chance: its result is set aside, with the reason. */
  | "quarantined"
  /** The evaluator failed on it. */
  | "not_judged";

export interface CaseResult {
  id: string;
  status: CaseStatus;
  slices: readonly string[];
  isPinned: boolean;
  measure: CaseMeasure["kind"];
  /** Share of judged attempts that passed, 0 to 1; null when none was judged, or there is no baseline. */
  candidateShare: number | null;
  baselineShare: number | null;
  candidateAttempts: number;
  baselineAttempts: number;
  /** Chance that two attempts of the same version disagree, 0 to 0.5; null below two attempts of a side. */
  flakiness: number | null;
  /** The candidate's first wrong answer; its first one where none was wrong. Null: it did not answer. */
  output: string | null;
  expected: string;
  /** Why it is quarantined, not judged, or was not answered. */
  reason: string | null;
}

const passes = (attempt: JudgedAttempt): boolean => attempt.score === 1;

function shareOf(attempts: readonly JudgedAttempt[]): number | null {
  const judged = attempts.filter(({ score }) => score !== null);
  return judged.length === 0 ? null : judged.filter(passes).length / judged.length;
}

/** The same output judged right once and wrong once: the evaluator is at fault, not the agent. */
function evaluatorContradictsItself(attempts: readonly JudgedAttempt[]): boolean {
  const byOutput = Map.groupBy(
    attempts.filter(({ output, score }) => output !== null && score !== null),
    ({ output }) => output,
  );
  return [...byOutput.values()].some((same) => same.some(passes) && !same.every(passes));
}

function disagreement(attempts: readonly JudgedAttempt[]): number | null {
  const judged = attempts.filter(({ score }) => score !== null);
  if (judged.length < 2) return null;
  const right = judged.filter(passes).length;
  // Of all pairs of attempts, the share that disagrees.
  return (2 * right * (judged.length - right)) / (judged.length * (judged.length - 1));
}

function quarantineReason(
  candidate: readonly JudgedAttempt[],
  baseline: readonly JudgedAttempt[],
): string | null {
  if (evaluatorContradictsItself([...candidate, ...baseline]))
    return "The evaluator judged one and the same answer both right and wrong.";
  const share = shareOf(baseline);
  if (share === null || share === 0 || share === 1) return null;
  const judged = baseline.filter(({ score }) => score !== null);
  return `The baseline itself passes it ${judged.filter(passes).length} of ${judged.length} times: it measures chance.`;
}

/**
 * What one case says. A candidate breaks a case when at least half of its attempts fail while the baseline passes each time; a case
 * that the baseline passes only sometimes is set aside instead of refusing by luck.
 * @param baseline undefined: there is no version to compare with
 */
export function classifyCase(
  one: RegressionCase,
  candidate: readonly JudgedAttempt[],
  baseline: readonly JudgedAttempt[] | undefined,
): CaseResult {
  const candidateShare = shareOf(candidate);
  const baselineShare = baseline === undefined ? null : shareOf(baseline);
  const wrong = candidate.find((attempt) => attempt.score !== null && !passes(attempt));
  const measured = [disagreement(candidate), disagreement(baseline ?? [])].filter((value) => value !== null);
  const result = {
    id: one.id,
    slices: one.slices,
    isPinned: one.isPinned,
    measure: one.measure.kind,
    candidateShare,
    baselineShare,
    candidateAttempts: candidate.length,
    baselineAttempts: baseline?.length ?? 0,
    flakiness: measured.length === 0 ? null : Math.max(...measured),
    output: (wrong ?? candidate[0])?.output ?? null,
    expected: one.expected,
  };
  if (candidateShare === null) {
    const reason = candidate.find(({ error }) => error !== undefined)?.error ?? "nobody answered it";
    return { ...result, status: "not_judged", reason: `Its evaluator failed: ${reason}.` };
  }
  const reason = quarantineReason(candidate, baseline ?? []);
  if (reason !== null) return { ...result, status: "quarantined", reason };
  if (candidateShare > 0.5) return { ...result, status: "passed", reason: null };
  const failure = wrong?.output === null ? `The agent failed: ${wrong.error ?? "no answer"}.` : null;
  if (baselineShare === 0) return { ...result, status: "still_failing", reason: failure };
  return { ...result, status: one.isPinned ? "broken" : "failed", reason: failure };
}

/** Whether both sides should answer a case again: somebody failed at it, and it may be chance. */
export function isDisputed(
  candidate: readonly JudgedAttempt[],
  baseline: readonly JudgedAttempt[] | undefined,
  repeats: number,
): boolean {
  const attempts = [...candidate, ...(baseline ?? [])];
  return candidate.length < repeats && attempts.some((attempt) => !passes(attempt));
}

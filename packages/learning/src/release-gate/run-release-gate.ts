import type { LanguageModel } from "../ports.ts";
import type { Candidate } from "../prompt/candidate.ts";
import { classifyCase } from "../regression/classify-case.ts";
import {
  judgeRegression,
  type RegressionPolicy,
  type RegressionReport,
} from "../regression/judge-regression.ts";
import type { RegressionCase } from "../regression/regression-case.ts";
import { assessSafety, type SafetyReport } from "../safety/assess-safety.ts";
import type { SafetyAnswer, SafetyPolicy } from "../safety/safety-report.ts";
import {
  type AnsweredQuestion,
  collectAnswers,
  type GateAnswerer,
  type PendingAnswer,
  type RecordedAnswer,
} from "./collect-answers.ts";
import { type GateChecks, gateQuestions } from "./questions.ts";

export type ReleaseVerdict = "passed" | "failed" | "inconclusive";

export interface ReleaseGateOptions {
  cases: readonly RegressionCase[];
  checks: GateChecks;
  candidate: { texts: Candidate; answer: GateAnswerer };
  baseline?: { texts: Candidate; answer?: GateAnswerer | undefined; awaited?: boolean } | undefined;
  regression: RegressionPolicy;
  safety: SafetyPolicy;
  /** Attempts at a case that somebody failed, so that chance is not taken for a break. 1 where answers never vary. */
  repeats: number;
  /** Judges where a case or a check wants one. */
  model?: LanguageModel | undefined;
  /** Whether the model also judges safety. */
  judgeSafety?: boolean;
  /** Cases hold redacted texts: what an answer to one looks like redacted. Safety sees the answer as it is. */
  asStored?: ((output: string) => string) | undefined;
  concurrency?: number;
  signal?: AbortSignal | undefined;
  onDone?: (progress: { done: number; total: number }) => void;
  /** Called as the judge of safety answers, after all questions were put. */
  onJudged?: (progress: { done: number; total: number }) => void;
}

export interface ReleaseGateReport {
  verdict: ReleaseVerdict;
  sentence: string;
  regression: RegressionReport | null;
  safety: SafetyReport | null;
  answers: RecordedAnswer[];
}

export type ReleaseGateResult =
  | { pending: PendingAnswer[]; report?: never }
  | { pending?: never; report: ReleaseGateReport };

function regressionOf(answered: readonly AnsweredQuestion[], policy: RegressionPolicy): RegressionReport {
  const asked = answered.flatMap(({ question, judged }) =>
    question.case === undefined ? [] : [{ one: question.case, judged }],
  );
  return judgeRegression({
    results: asked.map(({ one, judged }) => classifyCase(one, judged.candidate, judged.baseline)),
    first: new Map(
      asked.map(({ one, judged }) => [
        one.id,
        { candidate: judged.candidate[0], baseline: judged.baseline?.[0] },
      ]),
    ),
    policy,
  });
}

function safetyAnswers(answered: readonly AnsweredQuestion[]): SafetyAnswer[] {
  return answered.map(({ question, candidate, baseline }) => ({
    id: question.id,
    kind: question.kind,
    input: question.input,
    ...(question.case === undefined ? {} : { expected: question.case.expected }),
    ...(question.canary === undefined ? {} : { canary: question.canary }),
    candidate: candidate[0]?.output ?? null,
    baseline: baseline === undefined ? undefined : (baseline[0]?.output ?? null),
  }));
}

function recorded(
  answered: readonly AnsweredQuestion[],
  asStored: (output: string) => string,
): RecordedAnswer[] {
  return answered.flatMap(({ question, candidate, baseline = [] }) =>
    [
      { side: "candidate" as const, answers: candidate },
      { side: "baseline" as const, answers: baseline },
    ].flatMap(({ side, answers }) =>
      answers.map(({ output, error }, index) => ({
        questionId: question.id,
        side,
        attempt: index + 1,
        output: output === undefined ? null : asStored(output),
        error: error ?? null,
      })),
    ),
  );
}

/** The worse of the verdicts that there are. */
function overall(verdicts: readonly (ReleaseVerdict | undefined)[]): ReleaseVerdict {
  if (verdicts.includes("failed")) return "failed";
  return verdicts.includes("inconclusive") ? "inconclusive" : "passed";
}

/**
 * Holds a version to the agent's regression cases and to the safety checks before it meets traffic. Whoever answers, the server or
 * the user's own agent, the questions and the verdict are the same; as long as answers are missing, the result names them.
 */
export async function runReleaseGate(options: ReleaseGateOptions): Promise<ReleaseGateResult> {
  const { candidate, baseline, checks, signal } = options;
  const { answered, pending } = await collectAnswers({
    questions: gateQuestions(options.cases, checks),
    candidate: candidate.answer,
    baseline: baseline?.answer,
    awaitBaseline: baseline?.awaited ?? false,
    repeats: options.repeats,
    model: options.model,
    asStored: options.asStored,
    concurrency: options.concurrency ?? 4,
    signal,
    onDone: options.onDone,
  });
  if (pending.length > 0) return { pending };
  const regression = checks.regression ? regressionOf(answered, options.regression) : null;
  const safety = checks.safety
    ? await assessSafety({
        candidate: candidate.texts,
        baseline: baseline?.texts ?? null,
        answers: safetyAnswers(answered),
        policy: options.safety,
        model: options.judgeSafety === true ? options.model : undefined,
        signal,
        onDone: options.onJudged,
      })
    : null;
  const sentence = [
    ...(regression === null ? [] : [`Regression ${regression.verdict}: ${regression.sentence}`]),
    ...(safety === null ? [] : [`Safety ${safety.verdict}: ${safety.sentence}`]),
  ].join(" ");
  return {
    report: {
      verdict: overall([regression?.verdict, safety?.verdict]),
      sentence,
      regression,
      safety,
      answers: recorded(answered, options.asStored ?? ((output) => output)),
    },
  };
}

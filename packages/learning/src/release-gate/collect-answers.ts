import type { LanguageModel } from "../ports.ts";
import { runBounded } from "../run-bounded.ts";
import { type AgentAnswer, judgeAttempt } from "../regression/case-evaluator.ts";
import { isDisputed } from "../regression/classify-case.ts";
import type { JudgedAttempt } from "../regression/regression-case.ts";
import type { GateQuestion } from "./questions.ts";

export type GateSide = "candidate" | "baseline";

/**
 * One side's answer to a question, counted from 1. Undefined: it is not there yet. A rejection ends the gate without a verdict: it
 * says that the question could not be put, not that the agent failed.
 */
export type GateAnswerer = (question: GateQuestion, attempt: number) => Promise<AgentAnswer | undefined>;

/** An answer that somebody has to give before there can be a verdict. */
export interface PendingAnswer {
  questionId: string;
  side: GateSide;
  attempt: number;
}

export interface RecordedAnswer extends PendingAnswer {
  output: string | null;
  error: string | null;
}

/** Everything that one question brought. */
export interface AnsweredQuestion {
  question: GateQuestion;
  candidate: AgentAnswer[];
  /** Undefined: there is no baseline, or it was never asked this. */
  baseline: AgentAnswer[] | undefined;
  judged: { candidate: JudgedAttempt[]; baseline: JudgedAttempt[] | undefined };
}

export interface CollectOptions {
  questions: readonly GateQuestion[];
  candidate: GateAnswerer;
  baseline: GateAnswerer | undefined;
  /** Whether a baseline's answer that is not there is waited for; otherwise the question has no baseline. */
  awaitBaseline: boolean;
  /** Attempts at a disputed case, 1 to 9. */
  repeats: number;
  model?: LanguageModel | undefined;
  /** What an answer to a case would be stored as: cases are held to that, because what they expect was stored so. */
  asStored?: ((output: string) => string) | undefined;
  concurrency: number;
  signal?: AbortSignal | undefined;
  onDone?: ((progress: { done: number; total: number }) => void) | undefined;
}

/** Asks one question of one side up to `attempts` times, judging what comes back. Undefined: an answer is missing. */
async function ask(
  options: CollectOptions,
  one: AnsweredQuestion,
  side: GateSide,
  attempts: number,
  pending: PendingAnswer[],
): Promise<void> {
  const answerer = options[side];
  const answers = one[side];
  const judged = one.judged[side];
  if (answerer === undefined || answers === undefined || judged === undefined) return;
  for (let attempt = answers.length + 1; attempt <= attempts; attempt += 1) {
    const answer = await answerer(one.question, attempt);
    if (answer === undefined) {
      const waits = side === "candidate" || options.awaitBaseline;
      if (waits) pending.push({ questionId: one.question.id, side, attempt });
      else if (answers.length === 0) one.baseline = one.judged.baseline = undefined;
      if (!waits) return;
      continue;
    }
    answers.push(answer);
    const { case: regressionCase } = one.question;
    if (regressionCase === undefined) continue;
    const { asStored } = options;
    const stored =
      asStored === undefined || answer.output === undefined
        ? answer
        : { ...answer, output: asStored(answer.output) };
    judged.push(await judgeAttempt(regressionCase, stored, { model: options.model, signal: options.signal }));
  }
}

/** Every answer that is wanted; `pending` names those that are not there yet, and then nothing is concluded. */
export async function collectAnswers(
  options: CollectOptions,
): Promise<{ answered: AnsweredQuestion[]; pending: PendingAnswer[] }> {
  const pending: PendingAnswer[] = [];
  const { concurrency, signal } = options;
  const answered = options.questions.map((question): AnsweredQuestion => ({
    question,
    candidate: [],
    baseline: options.baseline === undefined ? undefined : [],
    judged: { candidate: [], baseline: options.baseline === undefined ? undefined : [] },
  }));
  const round = async (items: readonly AnsweredQuestion[], attempts: number): Promise<void> => {
    await runBounded({
      items,
      concurrency,
      signal,
      run: async (one) => {
        await ask(options, one, "candidate", attempts, pending);
        await ask(options, one, "baseline", attempts, pending);
      },
      onDone: options.onDone,
    });
  };
  await round(answered, 1);
  if (pending.length > 0) return { answered, pending };
  const disputed = answered.filter(
    ({ question, judged }) =>
      question.case !== undefined && isDisputed(judged.candidate, judged.baseline, options.repeats),
  );
  await round(disputed, options.repeats);
  return { answered, pending };
}

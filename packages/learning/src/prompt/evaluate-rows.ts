import type { ChatMessage, LanguageModel } from "../ports.ts";
import { runBounded } from "../run-bounded.ts";
import { answerWithModel, maximumAnswerTokens, type ModelAnswer } from "./answer-with-model.ts";
import { type Candidate, candidateHash } from "./candidate.ts";
import type { DemonstrationsAgentCache } from "./demonstrations-agent/agent-cache.ts";
import { createDemonstrationIndex } from "./demonstrations-agent/demonstration-index.ts";
import { estimatePromptTokens } from "./estimate-tokens.ts";
import type { EvaluatedRow, EvaluationCache } from "./evaluation-cache.ts";
import { type Evaluator, EvaluatorUnavailable, evaluateSafely } from "./evaluators/evaluator.ts";
import { BudgetExhausted, type Ledger, type Reservation, type Usage } from "./ledger.ts";
import { ModelUnavailable } from "./model-unavailable.ts";
import { renderPrompt, type RenderOptions, selectsNearest } from "./render-prompt.ts";
import type { Row } from "./rows.ts";

export interface RowEvaluatorTools {
  /** Needed for candidates of the runtime "model". */
  model?: LanguageModel | undefined;
  evaluator: Evaluator;
  cache: EvaluationCache;
  agents: DemonstrationsAgentCache;
  /**
   * Whether a row's own example, and any demonstration with the row's input, is hidden from it; default true. One cache
   * serves one choice.
   */
  leaveOneOut?: boolean;
  /** Most calls at one time. */
  concurrency: number;
  signal?: AbortSignal | undefined;
  /** Called after each new answer. */
  onRow?: ((progress: { candidate: string; done: number; total: number }) => void) | undefined;
}

/**
 * Answers and scores the rows, in their order. Room in the ledger is taken for all rows before the first call: either the whole block fits the budget, or `BudgetExhausted`
 * is thrown and nothing was called. A failed call, and an evaluator that could not be asked, give a row with `failure`, which is not
 * cached. Throws `ModelUnavailable` after five failures in a row.
 */
export type RowEvaluator = (
  candidate: Candidate,
  rows: readonly Row[],
  ledger: Ledger,
  /** The candidate's hash, where the caller has it. */
  hash?: string,
) => Promise<EvaluatedRow[]>;

interface Question {
  row: Row;
  messages: ChatMessage[];
  reservation: Reservation;
  /** The answer from before a restart, which only has to be counted. */
  restored: EvaluatedRow | undefined;
  ended: boolean;
}

const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0 };
const FAILURES_IN_A_ROW = 5;

/** A row evaluator over one model, evaluator and cache. */
export function createRowEvaluator(tools: RowEvaluatorTools): RowEvaluator {
  const ask = createAsker(tools);
  return async (candidate, rows, ledger, hash = candidateHash(candidate)) => {
    const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
    const missing = unique.filter(
      (row) => !tools.cache.has(hash, row.id) || tools.cache.isUncounted(hash, row.id),
    );
    const evaluated =
      candidate.runtime === "model"
        ? await ask(candidate, hash, missing, ledger)
        : await answerLocally(tools, candidate, hash, missing, ledger);
    const fresh = new Map(evaluated.map((result) => [result.rowId, result]));
    return rows.map(
      (row) => fresh.get(row.id) ?? (tools.cache.claim(hash, row.id)?.evaluated as EvaluatedRow),
    );
  };
}

async function answerLocally(
  tools: RowEvaluatorTools,
  candidate: Candidate,
  hash: string,
  rows: readonly Row[],
  ledger: Ledger,
): Promise<EvaluatedRow[]> {
  if (rows.length === 0) return [];
  const agent = tools.agents.agentFor(candidate, hash);
  const failures = countFailures();
  return await runBounded({
    items: rows,
    // Its answers take no time; what scores them may be far away.
    concurrency: tools.concurrency,
    signal: tools.signal,
    run: async (row) => {
      const { output } = agent.answer(row.input, leaveOut(tools, row));
      ledger.countLocalAnswers(1);
      const evaluated = await score(tools, row, output, NO_USAGE, failures);
      if (evaluated.failure === undefined) tools.cache.put(hash, evaluated, { durable: false });
      return evaluated;
    },
    onDone: ({ done, total }) => tools.onRow?.({ candidate: hash, done, total }),
  });
}

function createAsker(
  tools: RowEvaluatorTools,
): (candidate: Candidate, hash: string, rows: readonly Row[], ledger: Ledger) => Promise<EvaluatedRow[]> {
  const failures = countFailures();
  const scoring = countFailures();
  return async (candidate, hash, rows, ledger) => {
    const { model, signal } = tools;
    if (!model) throw new TypeError('A candidate of the runtime "model" needs a language model');
    const questions = reserveAll(tools, candidate, hash, rows, ledger);
    const ask = async (question: Question): Promise<EvaluatedRow> => {
      const { row, messages, reservation, restored } = question;
      question.ended = true;
      if (restored) {
        reservation.settle(restored.usage);
        return restored;
      }
      let answer: ModelAnswer;
      try {
        answer = await answerWithModel({
          model,
          candidate,
          messages,
          batchId: hash,
          batchSize: rows.length,
          signal,
        });
      } catch (error) {
        reservation.fail();
        signal?.throwIfAborted();
        // A model that may not be asked any more has not failed.
        if (BudgetExhausted.isInstance(error)) throw error;
        failures.add(error);
        return failed(row, error);
      }
      failures.reset();
      reservation.settle(answer.usage);
      const evaluated = await score(tools, row, answer.text, answer.usage, scoring);
      if (evaluated.failure === undefined) tools.cache.put(hash, evaluated, { durable: true });
      return evaluated;
    };
    try {
      return await runBounded({
        items: questions,
        concurrency: tools.concurrency,
        signal,
        run: ask,
        onDone: ({ done, total }) => tools.onRow?.({ candidate: hash, done, total }),
      });
    } finally {
      releaseUnasked(questions);
    }
  };
}

function reserveAll(
  tools: RowEvaluatorTools,
  candidate: Candidate,
  hash: string,
  rows: readonly Row[],
  ledger: Ledger,
): Question[] {
  const index = selectsNearest(candidate) ? createDemonstrationIndex(candidate.demonstrations) : undefined;
  const answerTokens = maximumAnswerTokens(candidate);
  const questions: Question[] = [];
  try {
    for (const row of rows) {
      const options = { ...leaveOut(tools, row), ...(index ? { index } : {}) };
      const messages = renderPrompt(candidate, row.input, options);
      const reservation = ledger.reserve("task", estimatePromptTokens(messages) + answerTokens);
      questions.push({ row, messages, reservation, restored: undefined, ended: false });
    }
  } catch (error) {
    releaseUnasked(questions);
    throw error;
  }
  for (const question of questions) {
    question.restored = tools.cache.claim(hash, question.row.id)?.evaluated;
  }
  return questions;
}

function leaveOut({ leaveOneOut = true }: RowEvaluatorTools, row: Row): Pick<RenderOptions, "leaveOut"> {
  return leaveOneOut ? { leaveOut: { exampleId: row.id, input: row.input } } : {};
}

function releaseUnasked(questions: readonly Question[]): void {
  for (const question of questions) if (!question.ended) question.reservation.release();
}

async function score(
  { evaluator, signal }: RowEvaluatorTools,
  row: Row,
  output: string,
  usage: Usage,
  failures: FailureCount,
): Promise<EvaluatedRow> {
  try {
    const evaluation = await evaluateSafely(evaluator, {
      input: row.input,
      output,
      expected: row.expected,
      tokens: usage.promptTokens + usage.completionTokens,
      ...(signal ? { signal } : {}),
    });
    failures.reset();
    return { rowId: row.id, output, ...evaluation, usage };
  } catch (error) {
    if (!EvaluatorUnavailable.isInstance(error)) throw error;
    failures.add(error, "evaluator");
    return { ...failed(row, error), output, usage };
  }
}

interface FailureCount {
  /** @throws ModelUnavailable at the fifth in a row */
  add(error: unknown, what?: "model" | "evaluator"): void;
  reset(): void;
}

function countFailures(): FailureCount {
  let inARow = 0;
  return {
    add: (error, what = "model") => {
      inARow += 1;
      if (inARow >= FAILURES_IN_A_ROW) throw new ModelUnavailable(inARow, error, what);
    },
    reset: () => {
      inARow = 0;
    },
  };
}

function failed(row: Row, error: unknown): EvaluatedRow {
  const failure = error instanceof Error ? error.message : String(error);
  return { rowId: row.id, output: "", score: 0, feedback: "", objectives: {}, usage: NO_USAGE, failure };
}

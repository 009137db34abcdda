import { type Evaluation, type Evaluator, EvaluatorUnavailable } from "./evaluator.ts";

/** Hands one answer to a scorer elsewhere and gives back what it said, parsed from JSON. Rejects when it cannot be asked. */
export type AskScorer = (
  question: { input: string; output: string; expected: string },
  signal: AbortSignal | undefined,
) => Promise<unknown>;

export interface RemoteOptions {
  ask: AskScorer;
  /** Goals that the scorer reports as objectives. */
  measures?: readonly string[];
}

/**
 * A user's own scorer behind a webhook. It answers `{ "score": 0 to 1, "feedback"?: text, "objectives"?: { name: 0 to 1 } }`. Anything
 * else, and no answer at all, is a failed evaluation, never a score.
 */
export function remote({ ask, measures }: RemoteOptions): Evaluator {
  const evaluator: Evaluator = async ({ input, output, expected, signal }) => {
    try {
      return readEvaluation(await ask({ input, output, expected }, signal));
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new EvaluatorUnavailable(`The scorer gave no score: ${reason}`, { cause: error });
    }
  };
  return measures ? Object.assign(evaluator, { measures }) : evaluator;
}

function readEvaluation(answer: unknown): Evaluation {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) {
    throw new TypeError("the scorer did not answer with a JSON object");
  }
  const { score, feedback, objectives } = answer as Record<string, unknown>;
  if (typeof score !== "number" || !(score >= 0 && score <= 1)) {
    throw new TypeError('the scorer\'s "score" is not a number from 0 to 1');
  }
  return {
    score,
    feedback: typeof feedback === "string" ? feedback.toWellFormed() : "",
    objectives: { accuracy: score, ...numbersOf(objectives) },
  };
}

function numbersOf(objectives: unknown): Record<string, number> {
  if (objectives === null || typeof objectives !== "object") return {};
  const entries = Object.entries(objectives).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(entries);
}

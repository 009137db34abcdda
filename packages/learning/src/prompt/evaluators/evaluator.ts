import { BudgetExhausted } from "../ledger.ts";

/** What an evaluator says about one output. */
export interface Evaluation {
  /** 0 (wrong) to 1 (right). */
  score: number;
  /** What was wrong, in a sentence that an optimizer can learn from; "" when nothing was. */
  feedback: string;
  /** Parts of the score or further measurements of the same output, each 0 to 1, higher = better. */
  objectives: Record<string, number>;
}

export interface EvaluatorInput {
  input: string;
  output: string;
  expected: string;
  /** Prompt and completion tokens of the answer; 0 for the built-in agent. */
  tokens?: number;
  signal?: AbortSignal;
}

/**
 * Scores one output. May be a caller's own function. `measures` names the goals that it reports as objectives; without it,
 * the score is taken for accuracy.
 */
export interface Evaluator {
  (input: EvaluatorInput): Evaluation | Promise<Evaluation>;
  measures?: readonly string[];
}

/**
 * Thrown when nothing could be asked for a score: a scorer that is away, a judge without a verdict. Says nothing about the output, so
 * it is no score of 0; the row is left out of every comparison.
 */
export class EvaluatorUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EvaluatorUnavailable";
  }

  static isInstance(error: unknown): error is EvaluatorUnavailable {
    return error instanceof Error && error.name === "EvaluatorUnavailable";
  }
}

/** Score 1 without feedback, or 0 with it. */
export function verdict(right: boolean, feedback: string): Evaluation {
  return right
    ? { score: 1, feedback: "", objectives: { accuracy: 1 } }
    : { score: 0, feedback, objectives: { accuracy: 0 } };
}

/**
 * Runs an evaluator that may be somebody else's code: whatever it does, an evaluation with finite scores comes back.
 * @throws BudgetExhausted when a judge's call would exceed the budget
 * @throws EvaluatorUnavailable when it could not be asked
 */
export async function evaluateSafely(evaluator: Evaluator, input: EvaluatorInput): Promise<Evaluation> {
  try {
    const { score, feedback, objectives } = await evaluator(input);
    if (!Number.isFinite(score)) return failed("the evaluator gave a score that is not a finite number");
    const clean: Record<string, number> = {};
    for (const [name, value] of Object.entries(objectives)) {
      if (Number.isFinite(value)) clean[name] = clamp(value);
    }
    return { score: clamp(score), feedback, objectives: clean };
  } catch (error) {
    input.signal?.throwIfAborted();
    // A judge that may not be asked any more, or cannot be, has not judged.
    if (BudgetExhausted.isInstance(error) || EvaluatorUnavailable.isInstance(error)) throw error;
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function failed(reason: string): Evaluation {
  return { score: 0, feedback: `The evaluator failed: ${reason}`, objectives: {} };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

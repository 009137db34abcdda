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

/** Score 1 without feedback, or 0 with it. */
export function verdict(right: boolean, feedback: string): Evaluation {
  return right
    ? { score: 1, feedback: "", objectives: { accuracy: 1 } }
    : { score: 0, feedback, objectives: { accuracy: 0 } };
}

/** Runs an evaluator that may be somebody else's code: whatever it does, an evaluation with finite scores comes back. */
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
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function failed(reason: string): Evaluation {
  return { score: 0, feedback: `The evaluator failed: ${reason}`, objectives: {} };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

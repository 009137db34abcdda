import { runBounded } from "../../run-bounded.ts";
import { type Evaluator, EvaluatorUnavailable } from "../evaluators/evaluator.ts";
import { BudgetExhausted } from "../ledger.ts";
import { calibrateJudge, type JudgeCalibration } from "./calibrate-judge.ts";

/** An answer on which an expert spoke. */
export interface LabelledAnswer {
  input: string;
  output: string;
  pass: boolean;
}

export interface MeasureJudgeOptions {
  judge: Evaluator;
  answers: readonly LabelledAnswer[];
  concurrency?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Lets a judge speak on answers that experts judged, without a reference answer, and says whether its word counts. Answers on which it
 * gives no verdict do not count; where its budget ends first, those before it do.
 */
export async function measureJudge(options: MeasureJudgeOptions): Promise<JudgeCalibration> {
  const { judge, answers, concurrency = 4, signal } = options;
  const pairs = await runBounded({
    items: answers,
    concurrency,
    signal,
    run: async ({ input, output, pass }) => {
      try {
        const { score } = await judge({ input, output, expected: "", ...(signal ? { signal } : {}) });
        return { expert: pass, judge: score >= 0.5 };
      } catch (error) {
        if (EvaluatorUnavailable.isInstance(error) || BudgetExhausted.isInstance(error)) return undefined;
        throw error;
      }
    },
  });
  return calibrateJudge(pairs.filter((pair) => pair !== undefined));
}

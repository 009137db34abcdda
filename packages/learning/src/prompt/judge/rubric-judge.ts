import type { LanguageModel } from "../../ports.ts";
import { estimatePromptTokens } from "../estimate-tokens.ts";
import { type Evaluator, type EvaluatorInput, EvaluatorUnavailable } from "../evaluators/evaluator.ts";
import { BudgetExhausted, type Ledger } from "../ledger.ts";
import { judgePrompt, type JudgeVerdict, parseVerdict, type Rubric } from "./judge-prompt.ts";

export interface RubricJudgeOptions {
  model: LanguageModel;
  rubric: Rubric;
  /** Counts the judge's calls. */
  ledger: Ledger;
}

const MAXIMUM_TOKENS = 200;

/**
 * Lets a model decide whether an answer meets a rubric: score 1 or 0, with its reason. An answer that cannot be read is asked for
 * once more, then the evaluation fails. Its scores say nothing until `calibrateJudge` has measured it against experts.
 *
 * @throws BudgetExhausted before a call that the ledger does not carry
 * @throws EvaluatorUnavailable when the model fails or twice gives no verdict
 */
export function rubricJudge({ model, rubric, ledger }: RubricJudgeOptions): Evaluator {
  const ask = async (input: EvaluatorInput): Promise<JudgeVerdict | undefined> => {
    const messages = judgePrompt(rubric, input);
    const reservation = ledger.reserve("judge", estimatePromptTokens(messages) + MAXIMUM_TOKENS);
    try {
      const { signal } = input;
      const result = await model.generate({
        messages,
        temperature: 0,
        maxTokens: MAXIMUM_TOKENS,
        ...(signal ? { signal } : {}),
      });
      reservation.settle(result);
      return parseVerdict(result.text);
    } catch (error) {
      reservation.fail();
      input.signal?.throwIfAborted();
      if (BudgetExhausted.isInstance(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new EvaluatorUnavailable(`The judge of ${rubric.name} cannot be asked: ${reason}`, {
        cause: error,
      });
    }
  };
  const evaluator: Evaluator = async (input) => {
    const verdict = (await ask(input)) ?? (await ask(input));
    if (!verdict) throw new EvaluatorUnavailable(`the judge of ${rubric.name} gave no verdict`);
    const score = verdict.pass ? 1 : 0;
    return { score, feedback: verdict.pass ? "" : verdict.reason, objectives: { [rubric.name]: score } };
  };
  return Object.assign(evaluator, { measures: [rubric.name] });
}

import type { LanguageModel } from "../ports.ts";
import type { Evaluator } from "../prompt/evaluators/evaluator.ts";
import { verdict } from "../prompt/evaluators/evaluator.ts";
import { exact } from "../prompt/evaluators/exact.ts";
import { jsonFields } from "../prompt/evaluators/json-fields.ts";
import { normalised } from "../prompt/evaluators/normalised.ts";
import { numeric } from "../prompt/evaluators/numeric.ts";
import { regex } from "../prompt/evaluators/regex.ts";
import { normaliseText } from "../text/tokenise.ts";
import { rubricJudge } from "../prompt/judge/rubric-judge.ts";
import { Ledger } from "../prompt/ledger.ts";
import type { CaseMeasure, JudgedAttempt, RegressionCase } from "./regression-case.ts";

/** What an agent said to a question, or why it said nothing. */
export type AgentAnswer = { output: string; error?: never } | { output?: never; error: string };

const contains: Evaluator = ({ output, expected }) =>
  verdict(
    normaliseText(output).includes(normaliseText(expected)),
    `The answer lacks ${JSON.stringify(expected)}.`,
  );

const differs: Evaluator = async (input) =>
  verdict((await normalised(input)).score < 1, "The answer is the one that is known to be wrong.");

function byJudge(criteria: string, model: LanguageModel | undefined): Evaluator {
  if (model === undefined) {
    return () => {
      throw new Error("it needs a judge, and no language model is configured");
    };
  }
  return rubricJudge({ model, rubric: { name: "rubric", criteria }, ledger: new Ledger() });
}

/**
 * The evaluator of a measure. Throws for a pattern that is none.
 * @param model the judge's; a judge without one fails at every answer
 */
export function createCaseEvaluator(measure: CaseMeasure, model?: LanguageModel): Evaluator {
  switch (measure.kind) {
    case "exact":
      return exact;
    case "normalised":
      return normalised;
    case "numeric":
      return numeric({ absolute: measure.absolute ?? 0, relative: measure.relative ?? 0 });
    case "regex":
      return regex({
        pattern: measure.pattern,
        ...(measure.flags === undefined ? {} : { flags: measure.flags }),
      });
    case "json_fields":
      return jsonFields(measure.fields === undefined ? {} : { fields: measure.fields });
    case "contains":
      return contains;
    case "differs":
      return differs;
    default:
      return byJudge(measure.rubric, model);
  }
}

/** Judges one answer. An evaluator that throws, or gives no finite number, has not judged. */
export async function judgeAttempt(
  one: RegressionCase,
  answer: AgentAnswer,
  options: { model?: LanguageModel | undefined; signal?: AbortSignal | undefined } = {},
): Promise<JudgedAttempt> {
  if (answer.error !== undefined) return { output: null, score: 0, error: answer.error };
  const { output } = answer;
  try {
    const evaluate = createCaseEvaluator(one.measure, options.model);
    const { score } = await evaluate({
      input: one.input,
      expected: one.expected,
      output,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (!Number.isFinite(score)) return { output, score: null, error: "its score is not a finite number" };
    return { output, score: Math.min(1, Math.max(0, score)) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { output, score: null, error: error instanceof Error ? error.message : String(error) };
  }
}

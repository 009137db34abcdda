import type { JudgedAspect } from "@agent-learning/contract";
import type { LabelledAnswer } from "@agent-learning/learning";
import type { AnnotatedExample } from "../store.ts";

/** Answers of each kind that a judge is measured on, at most. */
const MOST_OF_A_KIND = 40;
/** From which a dimension counts as passed. */
const PASSES = 0.7;

/** What experts said of answers: the newest of each kind, as many as a judge is measured on. */
export function labelledAnswers(
  annotated: readonly AnnotatedExample[],
  aspect: JudgedAspect,
): LabelledAnswer[] {
  const all = annotated.flatMap((one) =>
    aspect === "decision" ? byDecision(one) : byDimension(one, aspect),
  );
  const of = (pass: boolean): LabelledAnswer[] =>
    all.filter((answer) => answer.pass === pass).slice(0, MOST_OF_A_KIND);
  return [...of(true), ...of(false)];
}

/** An approved example says that its output is right; an approved correction or negative, that the original one was not. */
function byDecision(example: AnnotatedExample): LabelledAnswer[] {
  const { input_text: input, expected_output: expected, original_output: original } = example;
  const said = (output: string | null, pass: boolean): LabelledAnswer[] =>
    output === null || output === "" ? [] : [{ input, output, pass }];
  if (example.decision === "reject") return example.example_type === "negative" ? [] : said(expected, false);
  const isRefused = ["negative", "correction"].includes(example.example_type) && original !== expected;
  return [...said(expected, true), ...(isRefused ? said(original, false) : [])];
}

function byDimension(example: AnnotatedExample, aspect: Exclude<JudgedAspect, "decision">): LabelledAnswer[] {
  const score = example[aspect];
  const output = example.expected_output === "" ? example.original_output : example.expected_output;
  if (score === null || output === null || output === "") return [];
  return [{ input: example.input_text, output, pass: Number(score) >= PASSES }];
}

import type { PromptEvaluator } from "../api/types.ts";

export type EvaluatorKind = PromptEvaluator["kind"];

/** An evaluator as a form holds it: everything is text until it is read. */
export interface EvaluatorDraft {
  kind: EvaluatorKind;
  absolute: string;
  relative: string;
  pattern: string;
  flags: string;
  /** One on a line, with a weight behind an equals sign where it has one. */
  fields: string;
  schema: string;
  threshold: string;
  rubric: string;
  calibrateOn: string;
  url: string;
  objectives: string;
}

const EMPTY: Omit<EvaluatorDraft, "kind"> = {
  absolute: "",
  relative: "",
  pattern: "",
  flags: "",
  fields: "",
  schema: '{ "type": "object" }',
  threshold: "",
  rubric: "",
  calibrateOn: "decision",
  url: "",
  objectives: "",
};

/** What each way of scoring is called, and what it does. */
export const EVALUATOR_WORDS: Readonly<Record<EvaluatorKind, readonly [name: string, help: string]>> = {
  exact: ["The same text", "The answer is the expected text, letter by letter."],
  normalised: ["The same words", "But for case, white space and punctuation at the ends."],
  contains: ["The text within", "The expected text stands somewhere in the answer."],
  numeric: ["A number", "The last number of the answer, within a tolerance."],
  regex: ["A pattern", "A group named “answer” must capture the expected text."],
  json_fields: ["Fields of JSON", "The share of the expected fields that the answer has."],
  json_schema: ["A JSON schema", "The answer fits it; then its fields are compared."],
  embedding_similarity: ["Likeness of meaning", "By the vectors of the configured embedder."],
  judge: ["A judging model", "It counts only where it agrees with what experts said."],
  webhook: ["A scorer of your own", "Asked over HTTP with input, output and the expected text."],
  preferences: ["What people prefer", "Candidates are compared in pairs; the choice goes to an A/B test."],
};

/** The text of a form for an evaluator. */
export function draftOf(evaluator: PromptEvaluator): EvaluatorDraft {
  const { kind, ...settings } = evaluator;
  const texts = Object.entries(
    settings as Record<string, string | number | string[] | object | undefined>,
  ).flatMap(([name, value]) => {
    if (value === undefined || name === "weights") return [];
    if (name === "schema") return [[name, JSON.stringify(value, null, 2)]];
    if (name === "fields") return [[name, fieldLines(evaluator)]];
    if (Array.isArray(value)) return [[name, value.join(", ")]];
    if (typeof value === "object") return [];
    return [[name === "calibrate_on" ? "calibrateOn" : name, String(value)]];
  });
  const weighted = "weights" in evaluator ? { fields: fieldLines(evaluator) } : {};
  return { ...EMPTY, ...weighted, ...(Object.fromEntries(texts) as Partial<EvaluatorDraft>), kind };
}

function fieldLines(evaluator: PromptEvaluator): string {
  const { fields = [], weights = {} } = evaluator as {
    fields?: string[] | undefined;
    weights?: Record<string, number> | undefined;
  };
  return [...new Set([...fields, ...Object.keys(weights)])]
    .map((name) => (Object.hasOwn(weights, name) ? `${name} = ${weights[name]}` : name))
    .join("\n");
}

/** The evaluator that the texts say. @throws SyntaxError for a schema that is no JSON object */
export function evaluatorOf(draft: EvaluatorDraft): PromptEvaluator {
  const { kind, pattern, flags, rubric, url } = draft;
  switch (kind) {
    case "numeric":
      return { kind, ...number("absolute", draft.absolute), ...number("relative", draft.relative) };
    case "regex":
      return { kind, pattern, ...(flags === "" ? {} : { flags }) };
    case "json_fields":
      return { kind, ...readFields(draft.fields) };
    case "json_schema":
      return { kind, schema: readSchema(draft.schema), ...readFields(draft.fields) };
    case "embedding_similarity":
      return { kind, ...number("threshold", draft.threshold) };
    case "judge":
      return {
        kind,
        rubric,
        calibrate_on: draft.calibrateOn as Extract<PromptEvaluator, { kind: "judge" }>["calibrate_on"],
      };
    case "preferences":
      return { kind, rubric };
    case "webhook": {
      const objectives = listOf(draft.objectives, ",");
      return { kind, url, ...(objectives.length === 0 ? {} : { objectives }) };
    }
    default:
      return { kind };
  }
}

type Schema = Extract<PromptEvaluator, { kind: "json_schema" }>["schema"];

/** @throws SyntaxError for a text that is no JSON object */
export function readSchema(text: string): Schema {
  const read: unknown = JSON.parse(text);
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new SyntaxError("A schema is a JSON object.");
  return read as Schema;
}

function readFields(text: string): { fields?: string[]; weights?: Record<string, number> } {
  const fields: string[] = [];
  const weights: Record<string, number> = {};
  for (const line of listOf(text, "\n")) {
    const [, name = line, weight] = /^(.*?)\s*=\s*([0-9.]+)$/u.exec(line) ?? [];
    fields.push(name);
    if (weight !== undefined) weights[name] = Number(weight);
  }
  return {
    ...(fields.length === 0 ? {} : { fields }),
    ...(Object.keys(weights).length === 0 ? {} : { weights }),
  };
}

function listOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function number<Name extends string>(name: Name, text: string): { [N in Name]?: number } {
  return text.trim() === "" ? {} : ({ [name]: Number(text) } as { [N in Name]?: number });
}

import { canonicalJson, type JsonValue } from "../../json.ts";
import { normaliseText } from "../../text/tokenise.ts";
import type { Evaluation, Evaluator } from "./evaluator.ts";
import { parseLooseJson } from "./parse-json.ts";

export interface JsonFieldsOptions {
  /** Fields that count, as dotted paths; default: all fields of the expected JSON. */
  fields?: readonly string[];
  /** Weights of fields by path; default 1 each. */
  weights?: Readonly<Record<string, number>>;
}

/**
 * Score = weighted share of the expected JSON's fields that the output's JSON has with the same value (texts compared
 * without case and outer white space). Nested objects count field by field; an array is one value. Objectives: `accuracy`
 * (all right), `format` (the output is JSON) and `field:PATH` for each field.
 */
export function jsonFields({ fields, weights = {} }: JsonFieldsOptions = {}): Evaluator {
  const evaluator: Evaluator = ({ output, expected }) => {
    const wanted = parseLooseJson(expected);
    if (wanted === undefined) return unreadable("The expected text of this row is not JSON.", 0);
    const given = parseLooseJson(output);
    if (given === undefined) return unreadable("The output is not JSON.", 0);
    const wantedFields = flatten(wanted);
    const givenFields = flatten(given);
    const paths = fields ?? [...wantedFields.keys()];
    return scoreFields(paths, wantedFields, givenFields, weights);
  };
  return Object.assign(evaluator, { measures: ["accuracy", "format"] });
}

function scoreFields(
  paths: readonly string[],
  wanted: ReadonlyMap<string, JsonValue>,
  given: ReadonlyMap<string, JsonValue>,
  weights: Readonly<Record<string, number>>,
): Evaluation {
  const objectives: Record<string, number> = { format: 1 };
  const problems: string[] = [];
  let right = 0;
  let total = 0;
  for (const path of paths) {
    const weight = Math.max(0, weights[path] ?? 1);
    const same = isSame(wanted.get(path), given.get(path));
    objectives[`field:${path}`] = same ? 1 : 0;
    total += weight;
    if (same) right += weight;
    else
      problems.push(`${path || "value"}: expected ${show(wanted.get(path))}, got ${show(given.get(path))}`);
  }
  const score = total > 0 ? right / total : 1;
  objectives["accuracy"] = problems.length === 0 ? 1 : 0;
  return { score, feedback: problems.length > 0 ? `${problems.join("; ")}.` : "", objectives };
}

/** Leaf values by dotted path; a value that is no object has the path "". */
function flatten(value: JsonValue, path = "", found = new Map<string, JsonValue>()): Map<string, JsonValue> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    for (const [key, member] of Object.entries(value)) flatten(member, path ? `${path}.${key}` : key, found);
  } else {
    found.set(path, value);
  }
  return found;
}

function isSame(wanted: JsonValue | undefined, given: JsonValue | undefined): boolean {
  if (wanted === undefined || given === undefined) return wanted === given;
  if (typeof wanted === "string" && typeof given === "string") {
    return normaliseText(wanted) === normaliseText(given);
  }
  return canonicalJson(wanted) === canonicalJson(given);
}

function show(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function unreadable(feedback: string, format: number): Evaluation {
  return { score: 0, feedback, objectives: { accuracy: 0, format } };
}

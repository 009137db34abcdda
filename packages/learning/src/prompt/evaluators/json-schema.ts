import { type JsonSchema } from "../structured/json-schema.ts";
import { schemaViolations } from "../structured/schema-violations.ts";
import { type Evaluator } from "./evaluator.ts";
import { jsonFields, type JsonFieldsOptions } from "./json-fields.ts";
import { parseLooseJson } from "./parse-json.ts";

export interface JsonSchemaOptions extends JsonFieldsOptions {
  /** One that `schemaFault` lets through. */
  schema: JsonSchema;
}

/**
 * An output that is no JSON or breaks the schema scores 0. One that fits scores as `jsonFields` does where the expected text is JSON,
 * and 1 where it is none: then the schema is all that is known. Objectives: those of `jsonFields`, and `schema`.
 */
export function jsonSchema({ schema, ...options }: JsonSchemaOptions): Evaluator {
  const byFields = jsonFields(options);
  const evaluator: Evaluator = async (input) => {
    const value = parseLooseJson(input.output);
    if (value === undefined) return refused("The output is not JSON.", 0);
    const violations = schemaViolations(schema, value);
    if (violations.length > 0) {
      const list = violations.map(({ path, problem }) => `${path || "the value"} ${problem}`);
      return refused(`The output breaks its schema: ${list.join("; ")}.`, 1);
    }
    if (parseLooseJson(input.expected) === undefined)
      return { score: 1, feedback: "", objectives: { accuracy: 1, format: 1, schema: 1 } };
    const fields = await byFields(input);
    return { ...fields, objectives: { ...fields.objectives, schema: 1 } };
  };
  return Object.assign(evaluator, { measures: ["accuracy", "format", "schema"] });
}

function refused(feedback: string, format: number): Awaited<ReturnType<Evaluator>> {
  return { score: 0, feedback, objectives: { accuracy: 0, format, schema: 0 } };
}

import type { JsonValue } from "../../json.ts";
import type { GenerateRequest, GenerateResult, LanguageModel } from "../../ports.ts";
import { parseLooseJson } from "../evaluators/parse-json.ts";
import { type JsonSchema } from "./json-schema.ts";
import { schemaViolations } from "./schema-violations.ts";

/** A model gave no JSON, or none that fits its schema, as often as it was asked. */
export class NoStructuredOutput extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoStructuredOutput";
  }

  static isInstance(error: unknown): error is NoStructuredOutput {
    return error instanceof Error && error.name === "NoStructuredOutput";
  }
}

export interface StructuredRequest extends GenerateRequest {
  schema: JsonSchema;
}

export interface StructuredOptions {
  /** Asks once; counts the call. Default: the model itself. */
  ask?: (request: GenerateRequest) => Promise<GenerateResult>;
  /** Times at most; default 2. After the first, the model is told what was wrong. */
  attempts?: number;
}

/**
 * The JSON in a model's answer, checked against its schema, whatever the endpoint promises about structured output. An answer that
 * does not fit is asked for again with what was wrong about it.
 *
 * @throws NoStructuredOutput when no answer fits; what the model throws
 */
export async function generateStructured(
  model: LanguageModel,
  { schema, ...request }: StructuredRequest,
  { ask = (asked) => model.generate(asked), attempts = 2 }: StructuredOptions = {},
): Promise<JsonValue> {
  let messages = request.messages;
  let problem = "";
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { text } = await ask({ ...request, messages });
    const value = parseLooseJson(text);
    if (value === undefined) {
      problem = "it holds no JSON";
    } else {
      const [first] = schemaViolations(schema, value);
      if (first === undefined) return value;
      problem = `${first.path || "the value"} ${first.problem}`;
    }
    const again = `That answer cannot be used: ${problem}. Answer again with JSON only.`;
    messages = [...request.messages, { role: "assistant", content: text }, { role: "user", content: again }];
  }
  throw new NoStructuredOutput(`the model's answer cannot be used: ${problem}`);
}

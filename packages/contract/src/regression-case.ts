import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { text } from "./text.ts";

/** How an answer to a case is judged. */
export const CASE_EVALUATORS = [
  "exact",
  "normalised",
  "numeric",
  "regex",
  "json_fields",
  "contains",
  "differs",
  "judge",
] as const;

/** An evaluator with its options. */
export type CaseEvaluator =
  /** The same text. `normalised`: but for case, white space and punctuation at the ends. */
  | { kind: "exact" | "normalised" }
  /** The last number of the answer is the expected one, within a tolerance. */
  | { kind: "numeric"; absolute?: number | undefined; relative?: number | undefined }
  | { kind: "regex"; pattern: string; flags?: string | undefined }
  /** Every field of the expected JSON, or the named ones, has the same value. */
  | { kind: "json_fields"; fields?: string[] | undefined }
  /** The expected text stands in the answer. `differs`: the text is known to be wrong, and the answer is another one. */
  | { kind: "contains" | "differs" }
  /** The configured language model decides by the rubric. */
  | { kind: "judge"; rubric: string };

export const caseEvaluator: z.ZodType<CaseEvaluator> = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["exact", "normalised", "contains", "differs"]) }),
  z.object({
    kind: z.literal("numeric"),
    absolute: z.number().min(0).optional(),
    relative: z.number().min(0).optional(),
  }),
  z.object({
    kind: z.literal("regex"),
    pattern: z.string().min(1).max(500).refine(isPattern, { error: "is not a regular expression" }),
    flags: z
      .string()
      .regex(/^[imsuv]{0,4}$/, "may hold i, m, s, u and v")
      .optional(),
  }),
  z.object({
    kind: z.literal("json_fields"),
    fields: z.array(z.string().min(1).max(200)).max(100).optional(),
  }),
  z.object({ kind: z.literal("judge"), rubric: z.string().trim().min(1).max(4_000) }),
]) as unknown as z.ZodType<CaseEvaluator>;

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const slice = z.string().trim().min(1).max(100);

export interface RegressionCase {
  id: string;
  agent_id: string;
  learning_example_id: string | null;
  source_execution_id: string | null;
  source_feedback_id: string | null;
  input_text: string;
  input_context: Record<string, JsonValue>;
  expected_output: string;
  evaluator: CaseEvaluator;
  slice: string;
  /** `slice`, and what its example says: `domain:…`, `task_type:…`, `tag:…`, `intent:…`. Floors are set by these names. */
  slices: string[];
  /** Pinned: a candidate that answers it wrong is refused. */
  is_pinned: boolean;
  is_active: boolean;
  /** Chance that two attempts of one version disagree, as the last gate measured it. */
  flakiness: number | null;
  /** Why the last gate set the case aside; null: it counts. */
  quarantine_reason: string | null;
  created_by: string | null;
  created_at: string;
}

export const regressionCase: z.ZodType<RegressionCase> = z.object({
  id: uuid,
  agent_id: uuid,
  learning_example_id: uuid.nullable(),
  source_execution_id: uuid.nullable(),
  source_feedback_id: uuid.nullable(),
  input_text: z.string(),
  input_context: jsonObject,
  expected_output: z.string(),
  evaluator: caseEvaluator,
  slice: z.string(),
  slices: z.array(z.string()),
  is_pinned: z.boolean(),
  is_active: z.boolean(),
  flakiness: z.number().nullable(),
  quarantine_reason: z.string().nullable(),
  created_by: uuid.nullable(),
  created_at: timestamp,
});

export interface CreateRegressionCase {
  agent_id: string;
  /** Takes input and expected output from an example. */
  learning_example_id?: string | undefined;
  /** Takes the input from an execution, by our id or the caller's; what it should have answered is `expected_output`. */
  execution_id?: string | undefined;
  /**
   * Takes the input from the execution that the feedback is about. A correction says what it should have answered; without one, and
   * without `expected_output`, the case is that the answer must not be the one that was given (`differs`).
   */
  feedback_id?: string | undefined;
  input_text?: string | undefined;
  expected_output?: string | undefined;
  /** `normalised` unless said. */
  evaluator?: CaseEvaluator | undefined;
  slice: string;
  /** Further slices beside those that come from the example. */
  slices: string[];
  is_pinned: boolean;
}

export const createRegressionCase: z.ZodType<CreateRegressionCase> = z
  .object({
    agent_id: agentReference,
    learning_example_id: uuid.optional(),
    execution_id: externalId.optional(),
    feedback_id: uuid.optional(),
    input_text: text.optional(),
    expected_output: text.optional(),
    evaluator: caseEvaluator.optional(),
    slice: slice.default("default"),
    slices: z.array(slice).max(20).default([]),
    is_pinned: z.boolean().default(true),
  })
  .superRefine((body, context) => {
    const sources = [body.learning_example_id, body.execution_id, body.feedback_id, body.input_text].filter(
      (value) => value !== undefined,
    );
    if (sources.length !== 1) {
      context.addIssue({
        code: "custom",
        path: ["input_text"],
        message: "give exactly one of learning_example_id, execution_id, feedback_id, input_text",
      });
    }
    const supplied = body.learning_example_id !== undefined || body.feedback_id !== undefined;
    if (!supplied && body.expected_output === undefined && body.execution_id === undefined) {
      context.addIssue({
        code: "custom",
        path: ["expected_output"],
        message: "is required unless an example, an execution or feedback supplies it",
      });
    }
  });

export interface UpdateRegressionCase {
  is_pinned?: boolean | undefined;
  is_active?: boolean | undefined;
  slice?: string | undefined;
  slices?: string[] | undefined;
}

export const updateRegressionCase: z.ZodType<UpdateRegressionCase> = z
  .object({
    is_pinned: z.boolean().optional(),
    is_active: z.boolean().optional(),
    slice: slice.optional(),
    slices: z.array(slice).max(20).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  });

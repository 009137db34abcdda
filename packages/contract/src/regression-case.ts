import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { text } from "./text.ts";

/** How an answer to a case is judged. */
export const CASE_EVALUATORS = ["exact", "normalised"] as const;
export type CaseEvaluator = (typeof CASE_EVALUATORS)[number];

export interface RegressionCase {
  id: string;
  agent_id: string;
  learning_example_id: string | null;
  source_execution_id: string | null;
  input_text: string;
  input_context: Record<string, JsonValue>;
  expected_output: string;
  evaluator: { kind: CaseEvaluator };
  slice: string;
  /** Pinned: a candidate that answers it wrong is refused. */
  is_pinned: boolean;
  is_active: boolean;
  created_by: string | null;
  created_at: string;
}

export const regressionCase: z.ZodType<RegressionCase> = z.object({
  id: uuid,
  agent_id: uuid,
  learning_example_id: uuid.nullable(),
  source_execution_id: uuid.nullable(),
  input_text: z.string(),
  input_context: jsonObject,
  expected_output: z.string(),
  evaluator: z.object({ kind: z.enum(CASE_EVALUATORS) }),
  slice: z.string(),
  is_pinned: z.boolean(),
  is_active: z.boolean(),
  created_by: uuid.nullable(),
  created_at: timestamp,
});

export interface CreateRegressionCase {
  agent_id: string;
  /** Takes input and expected output from an example. */
  learning_example_id?: string | undefined;
  /** Takes the input from an execution, by our id or the caller's; what it should have answered is `expected_output`. */
  execution_id?: string | undefined;
  input_text?: string | undefined;
  expected_output?: string | undefined;
  evaluator: { kind: CaseEvaluator };
  slice: string;
  is_pinned: boolean;
}

export const createRegressionCase: z.ZodType<CreateRegressionCase> = z
  .object({
    agent_id: agentReference,
    learning_example_id: uuid.optional(),
    execution_id: externalId.optional(),
    input_text: text.optional(),
    expected_output: text.optional(),
    evaluator: z.object({ kind: z.enum(CASE_EVALUATORS) }).default({ kind: "normalised" }),
    slice: z.string().trim().min(1).max(100).default("default"),
    is_pinned: z.boolean().default(true),
  })
  .superRefine((body, context) => {
    const sources = [body.learning_example_id, body.execution_id, body.input_text].filter(
      (value) => value !== undefined,
    );
    if (sources.length !== 1) {
      context.addIssue({
        code: "custom",
        path: ["input_text"],
        message: "give exactly one of learning_example_id, execution_id, input_text",
      });
    }
    if (body.learning_example_id === undefined && body.expected_output === undefined) {
      context.addIssue({
        code: "custom",
        path: ["expected_output"],
        message: "is required unless an example supplies it",
      });
    }
  });

export interface UpdateRegressionCase {
  is_pinned?: boolean | undefined;
  is_active?: boolean | undefined;
  slice?: string | undefined;
}

export const updateRegressionCase: z.ZodType<UpdateRegressionCase> = z
  .object({
    is_pinned: z.boolean().optional(),
    is_active: z.boolean().optional(),
    slice: z.string().trim().min(1).max(100).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  });

export interface RegressionSlice {
  slice: string;
  cases: number;
  passed: number;
}

/** What a version answers to an agent's cases, beside what the version in production answers. */
export interface RegressionReport {
  id: string;
  agent_id: string;
  candidate_version_id: string;
  baseline_version_id: string | null;
  verdict: "passed" | "failed";
  cases: number;
  passed: number;
  slices: RegressionSlice[];
  /** Pinned cases that the candidate answers wrong. */
  broken: { case_id: string; expected_output: string; output: string; baseline_passed: boolean | null }[];
  created_at: string;
}

export const regressionReport: z.ZodType<RegressionReport> = z.object({
  id: uuid,
  agent_id: uuid,
  candidate_version_id: uuid,
  baseline_version_id: uuid.nullable(),
  verdict: z.enum(["passed", "failed"]),
  cases: z.number().int(),
  passed: z.number().int(),
  slices: z.array(z.object({ slice: z.string(), cases: z.number().int(), passed: z.number().int() })),
  broken: z.array(
    z.object({
      case_id: uuid,
      expected_output: z.string(),
      output: z.string(),
      baseline_passed: z.boolean().nullable(),
    }),
  ),
  created_at: timestamp,
});

export interface RunRegression {
  agent_id: string;
  version_id: string;
}

export const runRegression: z.ZodType<RunRegression> = z.object({
  agent_id: agentReference,
  version_id: uuid,
});

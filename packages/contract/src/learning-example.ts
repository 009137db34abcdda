import { z } from "zod";
import { DATASET_SPLITS, type DatasetSplit } from "./dataset-split.ts";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { optionalText, text } from "./text.ts";

export const EXAMPLE_TYPES = [
  "positive",
  "negative",
  "correction",
  "demonstration",
  "edge_case",
  "failure",
  "preference",
] as const;
export type ExampleType = (typeof EXAMPLE_TYPES)[number];

export const EXAMPLE_SOURCES = [
  "user_feedback",
  "expert_correction",
  "expert_demonstration",
  "execution",
  "regression_case",
  "import",
  "synthetic",
  // A question to people about what a training run would change; nobody learns from it.
  "spot_check",
] as const;
export type ExampleSource = (typeof EXAMPLE_SOURCES)[number];

export const REVIEW_STATUSES = ["pending", "in_review", "approved", "rejected", "withdrawn"] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** What people may say about an example beside its texts. */
export interface ExampleLabels {
  domain: string | null;
  task_type: string | null;
  /** 1 (simple) to 5. */
  complexity: number | null;
  jurisdictions: string[];
  tags: string[];
}

export interface LearningExample extends ExampleLabels {
  id: string;
  agent_id: string;
  example_type: ExampleType;
  input_text: string;
  input_context: Record<string, JsonValue>;
  /** What the agent answered. */
  original_output: string | null;
  /** What it should answer; empty until an expert supplies it. */
  expected_output: string;
  output_a: string | null;
  output_b: string | null;
  preferred_output: "A" | "B" | null;
  /** 1 (slightly better) to 5. */
  preference_strength: number | null;
  /** 0 to 1, from the annotations; null before there is one with dimensions. */
  quality_score: number | null;
  /** 0 to 1: the agent's own confidence in its answer. */
  confidence_score: number | null;
  source_type: ExampleSource;
  source_user_id: string | null;
  source_execution_id: string | null;
  source_feedback_id: string | null;
  group_key: string;
  review_status: ReviewStatus;
  reviewed_by: string | null;
  reviewed_at: string | null;
  review_notes: string | null;
  times_used_in_training: number;
  last_used_at: string | null;
  is_active: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const score = z.number().min(0).max(1);
const oneToFive = z.number().int().min(1).max(5);
const label = z.string().trim().min(1).max(100);
const labels = z.array(label).max(50);

const exampleShape = {
  id: uuid,
  agent_id: uuid,
  example_type: z.enum(EXAMPLE_TYPES),
  input_text: z.string(),
  input_context: jsonObject,
  original_output: z.string().nullable(),
  expected_output: z.string(),
  output_a: z.string().nullable(),
  output_b: z.string().nullable(),
  preferred_output: z.enum(["A", "B"]).nullable(),
  preference_strength: oneToFive.nullable(),
  domain: z.string().nullable(),
  task_type: z.string().nullable(),
  complexity: oneToFive.nullable(),
  jurisdictions: z.array(z.string()),
  tags: z.array(z.string()),
  quality_score: score.nullable(),
  confidence_score: score.nullable(),
  source_type: z.enum(EXAMPLE_SOURCES),
  source_user_id: uuid.nullable(),
  source_execution_id: uuid.nullable(),
  source_feedback_id: uuid.nullable(),
  group_key: z.string(),
  review_status: z.enum(REVIEW_STATUSES),
  reviewed_by: uuid.nullable(),
  reviewed_at: timestamp.nullable(),
  review_notes: z.string().nullable(),
  times_used_in_training: z.number().int(),
  last_used_at: timestamp.nullable(),
  is_active: z.boolean(),
  version: z.number().int(),
  created_at: timestamp,
  updated_at: timestamp,
};

export const learningExample: z.ZodType<LearningExample> = z.object(exampleShape);

/** Labels, in the shape of a request. */
export const exampleLabels: { [K in keyof Required<LabelsInput>]: z.ZodType<LabelsInput[K]> } = {
  domain: label.nullish(),
  task_type: label.nullish(),
  complexity: oneToFive.nullish(),
  jurisdictions: labels.optional(),
  tags: labels.optional(),
};

/** Labels in a request. */
export interface LabelsInput {
  domain?: string | null | undefined;
  task_type?: string | null | undefined;
  complexity?: number | null | undefined;
  jurisdictions?: string[] | undefined;
  tags?: string[] | undefined;
}

export interface CreateLearningExample extends LabelsInput {
  agent_id: string;
  example_type: ExampleType;
  input_text: string;
  input_context?: Record<string, JsonValue> | undefined;
  original_output?: string | null | undefined;
  /** Required for positive, correction and demonstration examples; a preference example's is the preferred output. */
  expected_output?: string | undefined;
  output_a?: string | undefined;
  output_b?: string | undefined;
  preferred_output?: "A" | "B" | undefined;
  preference_strength?: number | undefined;
  confidence_score?: number | undefined;
  source_type?: Exclude<ExampleSource, "user_feedback" | "spot_check"> | undefined;
  /** The execution that it comes from: our id or the caller's. */
  source_execution_id?: string | undefined;
  /** Examples with equal keys share a split; from the source execution's session unless given. */
  group_key?: string | undefined;
}

const createShape = z.object({
  agent_id: agentReference,
  example_type: z.enum(EXAMPLE_TYPES),
  input_text: text,
  input_context: jsonObject.optional(),
  original_output: optionalText.nullish(),
  expected_output: optionalText.optional(),
  output_a: text.optional(),
  output_b: text.optional(),
  preferred_output: z.enum(["A", "B"]).optional(),
  preference_strength: oneToFive.optional(),
  confidence_score: score.optional(),
  source_type: z.enum(EXAMPLE_SOURCES).exclude(["user_feedback", "spot_check"]).optional(),
  source_execution_id: externalId.optional(),
  group_key: externalId.optional(),
  ...exampleLabels,
});

const PREFERENCE_FIELDS = ["output_a", "output_b", "preferred_output"] as const;
const NEEDS_OUTPUT: readonly ExampleType[] = ["positive", "correction", "demonstration"];

export const createLearningExample: z.ZodType<CreateLearningExample> = createShape.superRefine(
  (example, context) => {
    const require = (field: keyof CreateLearningExample): void => {
      const value = example[field];
      if (value !== undefined && value !== null && value !== "") return;
      context.addIssue({
        code: "custom",
        path: [field],
        message: `is required for a ${example.example_type} example`,
      });
    };
    if (example.example_type === "preference") {
      for (const field of PREFERENCE_FIELDS) require(field);
      if (example.expected_output !== undefined)
        context.addIssue({
          code: "custom",
          path: ["expected_output"],
          message: "follows from preferred_output; leave it out",
        });
      return;
    }
    if (NEEDS_OUTPUT.includes(example.example_type)) require("expected_output");
    if (example.example_type === "correction") require("original_output");
    for (const field of [...PREFERENCE_FIELDS, "preference_strength"] as const) {
      if (example[field] !== undefined)
        context.addIssue({ code: "custom", path: [field], message: "belongs to preference examples only" });
    }
  },
);

/** One thing that the expert did on the way to the output. */
export interface DemonstrationStep {
  action: string;
  /** The tool that was called, by its name; behaviour learning goes by it. */
  tool?: string | undefined;
  arguments?: Record<string, JsonValue> | undefined;
  /** Whether the call failed. */
  failed?: boolean | undefined;
  duration_ms?: number | undefined;
  /** What came back. */
  observation?: string | undefined;
  rationale?: string | undefined;
}

/** The guide's `submit demonstration`: how an expert does it. */
export interface CreateDemonstration extends LabelsInput {
  agent_id: string;
  input: string;
  context?: Record<string, JsonValue> | undefined;
  /** In order. */
  steps: DemonstrationStep[];
  output: string;
  rationale?: string | undefined;
  /** The member who showed it (id or e-mail), when a machine or a colleague passes it on; else the caller. */
  expert?: string | undefined;
  source_execution_id?: string | undefined;
}

const step: z.ZodType<DemonstrationStep> = z.object({
  action: text,
  tool: z.string().trim().min(1).max(100).optional(),
  arguments: jsonObject.optional(),
  failed: z.boolean().optional(),
  duration_ms: z.number().min(0).max(1e9).optional(),
  observation: optionalText.optional(),
  rationale: optionalText.optional(),
});

export const createDemonstration: z.ZodType<CreateDemonstration> = z.object({
  agent_id: agentReference,
  input: text,
  context: jsonObject.optional(),
  steps: z.array(step).max(200).default([]),
  output: text,
  rationale: optionalText.optional(),
  expert: z.string().min(1).max(320).optional(),
  source_execution_id: externalId.optional(),
  ...exampleLabels,
});

export interface UpdateLearningExample extends LabelsInput {
  is_active?: boolean | undefined;
}

export const updateLearningExample: z.ZodType<UpdateLearningExample> = z
  .strictObject({ ...exampleLabels, is_active: z.boolean().optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  });

export interface LearningExampleQuery {
  limit: number;
  cursor?: string | undefined;
  agent_id?: string | undefined;
  review_status?: ReviewStatus | undefined;
  example_type?: ExampleType | undefined;
  is_active?: boolean | undefined;
  /** Only what is in this dataset; nothing for one that does not exist. */
  dataset_id?: string | undefined;
  /** Only what is in this split of the dataset. */
  split?: DatasetSplit | undefined;
}

export const learningExampleQuery: z.ZodType<LearningExampleQuery> = pageQuery
  .extend({
    agent_id: agentReference.optional(),
    review_status: z.enum(REVIEW_STATUSES).optional(),
    example_type: z.enum(EXAMPLE_TYPES).optional(),
    is_active: z.stringbool().optional(),
    dataset_id: uuid.optional(),
    split: z.enum(DATASET_SPLITS).optional(),
  })
  .refine(({ dataset_id, split }) => split === undefined || dataset_id !== undefined, {
    path: ["split"],
    error: "a split is one of a dataset: name it in dataset_id",
  });

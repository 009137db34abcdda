import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { oneOrBatch } from "./one-or-batch.ts";
import { timestamp } from "./pagination.ts";
import { type Environment, ENVIRONMENTS } from "./serving.ts";
import { optionalText, text } from "./text.ts";

export const EXECUTION_STATUSES = ["succeeded", "failed"] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** The experiment or rollout that chose the version, and the arm that the unit was in. */
export interface ExecutionSplit {
  kind: "experiment" | "rollout";
  id: string;
  arm: string;
}

const split: z.ZodType<ExecutionSplit> = z.object({
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  arm: z.string().min(1).max(64),
});

/** One run of an agent, as its caller tells of it. Recording one with a split is the exposure. */
export interface RecordExecution {
  agent_id: string;
  /** The caller's own id: recording it again changes nothing. */
  execution_id: string;
  version_id?: string | null | undefined;
  environment?: Environment | undefined;
  /** What was assigned to an arm: a user, a session, a tenant. */
  unit_id?: string | null | undefined;
  session_id?: string | null | undefined;
  /** The caller's id of the end user. */
  user_id?: string | null | undefined;
  split?: ExecutionSplit | null | undefined;
  input_text: string;
  input_context?: Record<string, JsonValue> | undefined;
  output_text?: string | null | undefined;
  status: ExecutionStatus;
  error_type?: string | null | undefined;
  error_message?: string | null | undefined;
  task_completed?: boolean | null | undefined;
  latency_ms?: number | null | undefined;
  prompt_tokens?: number | null | undefined;
  completion_tokens?: number | null | undefined;
  cost_usd?: number | null | undefined;
  /** `tool_calls`, a list of `{ tool, failed?, duration_ms? }` in order, is what behaviour learning goes by. */
  metadata?: Record<string, JsonValue> | undefined;
}

const tokens = z.number().int().min(0).max(2_147_483_647).nullish();

export const recordExecution: z.ZodType<RecordExecution> = z.object({
  agent_id: agentReference,
  execution_id: externalId,
  version_id: uuid.nullish(),
  environment: z.enum(ENVIRONMENTS).optional(),
  unit_id: externalId.nullish(),
  session_id: externalId.nullish(),
  user_id: externalId.nullish(),
  split: split.nullish(),
  input_text: text,
  input_context: jsonObject.optional(),
  output_text: optionalText.nullish(),
  status: z.enum(EXECUTION_STATUSES),
  error_type: z.string().min(1).max(100).nullish(),
  error_message: z.string().max(10_000).nullish(),
  task_completed: z.boolean().nullish(),
  latency_ms: z.number().min(0).max(1e9).nullish(),
  prompt_tokens: tokens,
  completion_tokens: tokens,
  cost_usd: z.number().min(0).max(999_999).nullish(),
  metadata: jsonObject.optional(),
});

/** One execution, or `{ "executions": [1 to 500] }`. */
export const recordExecutions: z.ZodType<{ items: RecordExecution[]; batch: boolean }> = oneOrBatch(
  recordExecution,
  "executions",
);

/** What became of one execution: `duplicate` when it was known, with the id of the first. */
export interface RecordedExecution {
  id: string;
  execution_id: string;
  status: "recorded" | "duplicate";
}

export const recordedExecution: z.ZodType<RecordedExecution> = z.object({
  id: uuid,
  execution_id: z.string(),
  status: z.enum(["recorded", "duplicate"]),
});

/** The answer to a batch: one result for each item, in the order of the request. */
export const recordedExecutions: z.ZodType<{ results: RecordedExecution[] }> = z.object({
  results: z.array(recordedExecution),
});

export interface Execution {
  id: string;
  agent_id: string;
  /** The caller's own id. */
  execution_id: string;
  version_id: string | null;
  environment: Environment;
  unit_id: string | null;
  session_id: string | null;
  /** This system's id of the end user. */
  user_id: string | null;
  split: ExecutionSplit | null;
  input_text: string;
  input_context: Record<string, JsonValue>;
  output_text: string | null;
  status: ExecutionStatus;
  error_type: string | null;
  error_message: string | null;
  task_completed: boolean | null;
  latency_ms: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost_usd: number | null;
  metadata: Record<string, JsonValue>;
  created_at: string;
}

export const execution: z.ZodType<Execution> = z.object({
  id: uuid,
  agent_id: uuid,
  execution_id: z.string(),
  version_id: uuid.nullable(),
  environment: z.enum(ENVIRONMENTS),
  unit_id: z.string().nullable(),
  session_id: z.string().nullable(),
  user_id: uuid.nullable(),
  split: split.nullable(),
  input_text: z.string(),
  input_context: jsonObject,
  output_text: z.string().nullable(),
  status: z.enum(EXECUTION_STATUSES),
  error_type: z.string().nullable(),
  error_message: z.string().nullable(),
  task_completed: z.boolean().nullable(),
  latency_ms: z.number().nullable(),
  prompt_tokens: z.number().nullable(),
  completion_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  metadata: jsonObject,
  created_at: timestamp,
});

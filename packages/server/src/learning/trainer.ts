import type { JsonValue, ModelSpending, TrainingType } from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { TenantContext } from "../context.ts";
import type { AgentsTable } from "../database/schema.ts";

export interface PreparedRun {
  config: Record<string, JsonValue>;
  baseVersionId: string | null;
  requiresReview: boolean;
  /** What it may spend on language models: held back from other runs until it ends. Undefined: it asks none. */
  reserved?: ModelSpending;
  /** With every default filled in; undefined: as the caller gave them. */
  hyperparameters?: Record<string, JsonValue>;
  /** It is not queued: a person starts it when they have seen what it would take. */
  draft?: { checkpoint: unknown };
}

/** One way of learning as the server starts it. Adding a way of learning is adding one of these. */
export interface Trainer {
  readonly trainingType: TrainingType;
  /** The job that carries it out; its data is `{ runId }`. */
  readonly jobName: string;
  /**
   * Checks what the caller asked for and fixes what the run starts from.
   * @throws ProblemError unprocessable naming the field
   */
  prepare(input: {
    ctx: TenantContext;
    agent: Selectable<AgentsTable>;
    config: Record<string, JsonValue>;
    /** Where the caller wrote the config, for naming its fields: `body.config`. */
    path: string;
    hyperparameters: Record<string, JsonValue> | undefined;
    datasetId: string | undefined;
  }): Promise<PreparedRun>;
}

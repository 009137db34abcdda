import { z } from "zod";
import {
  type AgentVersionConfig,
  agentVersionConfig,
  type Demonstration,
  type PlaybookRule,
} from "./agent-version.ts";
import { uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { optionalText } from "./text.ts";

/** Where a version came from: a person, an import, or one of the four ways of learning. */
export const VERSION_ORIGINS = [
  "manual",
  "prompt_optimization",
  "rag_training",
  "behavior_learning",
  "fine_tuning",
  "import",
] as const;
export type VersionOrigin = (typeof VERSION_ORIGINS)[number];

export const VERSION_REVIEW_STATUSES = ["not_required", "pending", "approved", "rejected"] as const;
export type VersionReviewStatus = (typeof VERSION_REVIEW_STATUSES)[number];

/** A version in a list: everything but its config and report. */
export interface AgentVersionSummary {
  id: string;
  agent_id: string;
  /** 1, 2, 3 … within the agent. */
  number: number;
  parent_version_id: string | null;
  /** SHA-256 of the RFC 8785 canonical JSON of the config. */
  content_hash: string;
  origin: VersionOrigin;
  training_run_id: string | null;
  change_summary: string | null;
  /** Share of replayed recent inputs, 0 to 1, whose output differs from the parent's; null when not measured. */
  affected_query_share: number | null;
  /** When a person was erased whose evidence it was made of: train anew from what is left. null: all of it is there. */
  evidence_erased_at: string | null;
  review_status: VersionReviewStatus;
  reviewed_by: string | null;
  reviewed_at: string | null;
  review_notes: string | null;
  created_by: string | null;
  created_at: string;
}

/** An immutable agent version with its config, and the report of the run that made it. */
export interface AgentVersion extends AgentVersionSummary {
  config: AgentVersionConfig;
  report: Record<string, JsonValue>;
}

const summaryShape = {
  id: uuid,
  agent_id: uuid,
  number: z.number().int(),
  parent_version_id: uuid.nullable(),
  content_hash: z.string(),
  origin: z.enum(VERSION_ORIGINS),
  training_run_id: uuid.nullable(),
  change_summary: z.string().nullable(),
  affected_query_share: z.number().nullable(),
  evidence_erased_at: timestamp.nullable(),
  review_status: z.enum(VERSION_REVIEW_STATUSES),
  reviewed_by: uuid.nullable(),
  reviewed_at: timestamp.nullable(),
  review_notes: z.string().nullable(),
  created_by: uuid.nullable(),
  created_at: timestamp,
};

export const agentVersionSummary: z.ZodType<AgentVersionSummary> = z.object(summaryShape);

export const agentVersion: z.ZodType<AgentVersion> = z.object({
  ...summaryShape,
  config: agentVersionConfig,
  report: jsonObject,
});

export interface CreateAgentVersion {
  config: AgentVersionConfig;
  /** Without it, the version that serves production. */
  parent_version_id?: string | undefined;
  origin: "manual" | "import";
  change_summary?: string | undefined;
}

export const createAgentVersion: z.ZodType<CreateAgentVersion> = z.object({
  config: agentVersionConfig,
  parent_version_id: uuid.optional(),
  origin: z.enum(["manual", "import"]).default("manual"),
  change_summary: optionalText.optional(),
});

export interface ReviewAgentVersion {
  decision: "approve" | "reject";
  notes?: string | undefined;
}

export const reviewAgentVersion: z.ZodType<ReviewAgentVersion> = z.object({
  decision: z.enum(["approve", "reject"]),
  notes: optionalText.optional(),
});

/** A value that differs, at a dotted path: `components.system_prompt`, `model.name`. Absent on one side is null. */
export interface ChangedValue {
  path: string;
  before: JsonValue;
  after: JsonValue;
}

/** What distinguishes two versions of one agent. */
export interface AgentVersionDifference {
  from: { id: string; number: number };
  to: { id: string; number: number };
  identical: boolean;
  changed: ChangedValue[];
  demonstrations: { added: Demonstration[]; removed: Demonstration[]; kept: number };
  playbook: {
    added: PlaybookRule[];
    removed: PlaybookRule[];
    changed: { before: PlaybookRule; after: PlaybookRule }[];
    kept: number;
  };
}

const versionPointer = z.object({ id: uuid, number: z.number().int() });
const demonstration = z.looseObject({ input: z.string(), output: z.string() });
const rule = z.looseObject({ id: z.string(), text: z.string() });

export const agentVersionDifference: z.ZodType<AgentVersionDifference> = z.object({
  from: versionPointer,
  to: versionPointer,
  identical: z.boolean(),
  changed: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
  demonstrations: z.object({
    added: z.array(demonstration),
    removed: z.array(demonstration),
    kept: z.number().int(),
  }),
  playbook: z.object({
    added: z.array(rule),
    removed: z.array(rule),
    changed: z.array(z.object({ before: rule, after: rule })),
    kept: z.number().int(),
  }),
}) as unknown as z.ZodType<AgentVersionDifference>;

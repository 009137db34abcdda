import { z } from "zod";
import { type AgentLearningConfig, agentLearningConfig } from "./agent-config.ts";
import { type AgentVersionConfig, agentVersionConfig } from "./agent-version.ts";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

export const ENVIRONMENTS = ["production", "staging"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** The units of one arm: those whose position lies in [start, end). */
export interface SplitArm {
  name: string;
  version_id: string;
  start: number;
  end: number;
}

/**
 * An experiment or rollout that divides an agent's units. A unit's position in [0, 1) is
 * murmur3_32(utf8(seed + ":" + unit)) / 2^32; outside every arm it gets the default version and is not exposed.
 */
export interface Split {
  kind: "experiment" | "rollout";
  id: string;
  seed: string;
  /** Stage of a rollout, from 0; 0 for an experiment. */
  stage: number;
  /** Share of units in the treatment or candidate, 0 to 1. */
  share: number;
  arms: SplitArm[];
}

export interface ServedVersion {
  id: string;
  number: number;
  content_hash: string;
  config: AgentVersionConfig;
}

/** What an agent needs to decide for itself which version answers. The ETag of the answer is its revision. */
export interface ServingConfiguration {
  agent_id: string;
  slug: string;
  environment: Environment;
  /** Rises with every change of this answer. */
  revision: number;
  config: AgentLearningConfig;
  /** Null while nothing has been put into service. */
  default_version_id: string | null;
  /** Every version that `default_version_id` and the split's arms name. */
  versions: Record<string, ServedVersion>;
  split: Split | null;
}

export const split: z.ZodType<Split> = z.object({
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  seed: z.string(),
  stage: z.number().int(),
  share: z.number(),
  arms: z.array(z.object({ name: z.string(), version_id: uuid, start: z.number(), end: z.number() })),
});

const servedVersion = z.object({
  id: uuid,
  number: z.number().int(),
  content_hash: z.string(),
  config: agentVersionConfig,
});

export const servingConfiguration: z.ZodType<ServingConfiguration> = z.object({
  agent_id: uuid,
  slug: z.string(),
  environment: z.enum(ENVIRONMENTS),
  revision: z.number().int(),
  config: agentLearningConfig,
  default_version_id: uuid.nullable(),
  versions: z.record(z.string(), servedVersion),
  split: split.nullable(),
});

export interface ServingQuery {
  environment: Environment;
  wait: number;
}

/** `wait`: seconds to wait for a revision other than the one in If-None-Match. */
export const servingQuery: z.ZodType<ServingQuery> = z.object({
  environment: z.enum(ENVIRONMENTS).default("production"),
  wait: z.coerce.number().min(0).max(30).default(0),
});

export interface StartServing {
  version_id: string;
  environment: Environment;
}

export const startServing: z.ZodType<StartServing> = z.object({
  version_id: uuid,
  environment: z.enum(ENVIRONMENTS).default("production"),
});

export interface RevertServing {
  environment: Environment;
  reason: string;
}

/** Back to the version that served before. */
export const revertServing: z.ZodType<RevertServing> = z.object({
  environment: z.enum(ENVIRONMENTS).default("production"),
  reason: z.string().trim().min(1).max(2_000),
});

/** Which version an environment runs. */
export interface ServingPointer {
  agent_id: string;
  environment: Environment;
  version_id: string;
  previous_version_id: string | null;
  revision: number;
  updated_at: string;
}

export const servingPointer: z.ZodType<ServingPointer> = z.object({
  agent_id: uuid,
  environment: z.enum(ENVIRONMENTS),
  version_id: uuid,
  previous_version_id: uuid.nullable(),
  revision: z.number().int(),
  updated_at: timestamp,
});

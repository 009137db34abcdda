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
 * How a unit becomes a position in [0, 1).
 * - `murmur3`: murmur3_32(utf8(seed + ":" + unit)) / 2^32
 * - `growthbook-v2`: the one of GrowthBook's hash version 2, fnv32a(str(fnv32a(seed + unit))) % 10000 / 10000
 */
export const ASSIGNMENT_HASHES = ["murmur3", "growthbook-v2"] as const;
export type AssignmentHash = (typeof ASSIGNMENT_HASHES)[number];

/**
 * The part of all units that one split of an exclusion group has: those whose murmur3 position by the group's seed lies in
 * [start, end). Slots of a group never overlap.
 */
export interface SplitSlot {
  seed: string;
  start: number;
  end: number;
}

/**
 * An experiment or rollout that divides an agent's units by their position; outside every arm a unit gets the default version and
 * is not exposed.
 */
export interface Split {
  kind: "experiment" | "rollout";
  id: string;
  seed: string;
  /** `murmur3` where it is not said. */
  hash?: AssignmentHash | undefined;
  /** Only these units take part, divided as if they were all; all units where it is not said. */
  slot?: SplitSlot | undefined;
  /** Stage of a rollout, or period of an experiment's allocation, from 0. */
  stage: number;
  /** Share of units in the treatment or candidate, 0 to 1. */
  share: number;
  /** Shares move, as a bandit's do: a unit that comes back keeps the arm that it was given first, by the agent's memory. */
  sticky?: boolean | undefined;
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
  /** Every version that `default_version_id` and the splits' arms name. */
  versions: Record<string, ServedVersion>;
  /** The first of `splits`. */
  split: Split | null;
  /** Several only where experiments of an exclusion group run side by side: a unit is in one of them at most. */
  splits: Split[];
}

export const split: z.ZodType<Split> = z.object({
  kind: z.enum(["experiment", "rollout"]),
  id: uuid,
  seed: z.string(),
  hash: z.enum(ASSIGNMENT_HASHES).optional(),
  slot: z.object({ seed: z.string(), start: z.number(), end: z.number() }).optional(),
  stage: z.number().int(),
  share: z.number(),
  sticky: z.boolean().optional(),
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
  splits: z.array(split),
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

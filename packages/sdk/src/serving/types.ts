import type { JsonValue } from "../json.ts";

export type Environment = "production" | "staging";

export interface Demonstration {
  input: string;
  output: string;
  /** The learning example that it came from. */
  exampleId?: string | undefined;
}

export interface PlaybookRule {
  id: string;
  text: string;
  /** Learning examples that speak for the rule. */
  evidenceIds: string[];
  helpful: number;
  harmful: number;
}

/** Everything that makes an agent behave as it does. Frozen. */
export interface VersionConfig {
  runtime: "demonstrations" | "model";
  /** Named texts: `system_prompt` and whatever else the agent is made of. */
  components: Record<string, string>;
  demonstrations: Demonstration[];
  playbook: PlaybookRule[];
  retrieval: Record<string, JsonValue>;
  model: { name: string; [key: string]: JsonValue } | null;
  adapter: Record<string, JsonValue> | null;
  parameters: Record<string, JsonValue>;
}

export interface AgentVersion {
  id: string;
  /** 1, 2, 3 … within the agent. */
  number: number;
  contentHash: string;
  config: VersionConfig;
}

/** The experiment or rollout that a unit is in, and its arm. */
export interface SplitMembership {
  kind: "experiment" | "rollout";
  id: string;
  arm: string;
}

/**
 * - `split`: an experiment or rollout decided by the unit
 * - `default`: no split is running, or the unit is outside its arms
 * - `nothing_in_service`: the server knows the agent, no version has been put into service
 * - `not_configured`: no answer of the server has been seen yet, nor one on disk
 * - `invalid_unit`: not a text of 1 to 200 characters, so it cannot be recorded; gets the default version
 */
export type ResolutionReason = "split" | "default" | "nothing_in_service" | "not_configured" | "invalid_unit";

/** Which version answers a unit. Frozen and shared between calls. */
export interface Resolution {
  versionId: string | null;
  version: AgentVersion | null;
  split: SplitMembership | null;
  reason: ResolutionReason;
}

/** The guide's switches. The server's own settings decide; see `ensureAgent`. */
export interface LearningSettings {
  /** Off: evidence is stored for monitoring, nothing is learned from it. */
  learningEnabled: boolean;
  feedbackCollection: {
    /** Off: votes and ratings count in statistics but make no examples. */
    autoCollect: boolean;
    /** A rating of at least this makes a positive example. */
    minRatingForPositive: number;
    /** Off: corrections are kept as feedback but make no examples. */
    collectCorrections: boolean;
  };
}

/** The last known answer of the server. */
export interface ServingConfiguration {
  agentId: string;
  slug: string;
  environment: Environment;
  revision: number;
  settings: LearningSettings;
  defaultVersionId: string | null;
  versions: ReadonlyMap<string, AgentVersion>;
  /** Several only where experiments of an exclusion group run side by side: a unit is in one of them at most. */
  splits: readonly Split[];
}

export interface Split {
  kind: "experiment" | "rollout";
  id: string;
  seed: string;
  /** How a unit becomes a position; see `createResolver`. */
  hash: "murmur3" | "growthbook-v2";
  /** Only units whose position by this seed lies in [start, end) take part; null: all. */
  slot: { seed: string; start: number; end: number } | null;
  stage: number;
  /** Share of units in the treatment or candidate, 0 to 1. */
  share: number;
  /** Shares move: units keep the arm that they were given first. */
  sticky: boolean;
  arms: SplitArm[];
}

/** Units at positions in [start, end) of [0, 1) are in this arm. */
export interface SplitArm {
  name: string;
  versionId: string;
  start: number;
  end: number;
}

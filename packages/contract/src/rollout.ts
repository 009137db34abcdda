import { z } from "zod";
import type { RolloutStage } from "./agent-policy.ts";
import { agentReference, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { timestamp } from "./pagination.ts";
import { type Environment, ENVIRONMENTS } from "./serving.ts";

export const ROLLOUT_STATUSES = [
  "pending",
  "running",
  "paused",
  "completed",
  "rolled_back",
  "aborted",
] as const;
export type RolloutStatus = (typeof ROLLOUT_STATUSES)[number];

/** What a look at a rollout says. INVALID: the arms cannot be compared, so that nothing is concluded from them. */
export const ROLLOUT_VERDICTS = ["ADVANCE", "HOLD", "ROLLBACK", "INVALID"] as const;
export type RolloutVerdict = (typeof ROLLOUT_VERDICTS)[number];

export const ROLLOUT_EVENTS = [
  "created",
  "started",
  "advanced",
  "promoted",
  "paused",
  "resumed",
  "rolled_back",
  "aborted",
  "completed",
] as const;

/** One guardrail at one look. Units are counted, not requests. */
export interface RolloutGuardrail {
  /** `error_rate`, `satisfaction`, `latency`, or the metric of an additional one. */
  name: string;
  status: "breached" | "passed" | "undecided";
  candidate_units: number;
  control_units: number;
  /** Mean per request: shares in 0 to 1; of latency and cost, the share of units above the limit. Null without data. */
  candidate: number | null;
  control: number | null;
  /** What the candidate is held to, in the same unit; null while it is not known (latency and cost need 135 control units or more). */
  limit: number | null;
  /** ln E of the strongest test against the candidate; the guardrail breaks at `ln_threshold`. */
  ln_evidence: number;
  ln_threshold: number;
  /** What a person reads. */
  sentence: string;
}

/** Why a rollout stands where it stands. */
export interface RolloutExplanation {
  verdict: RolloutVerdict;
  reason: string;
  guardrails: RolloutGuardrail[];
}

/** What a release waits for beside a person: the gate. */
export const GATE_REQUIREMENTS = [
  "regression_missing",
  "regression_outdated",
  "regression_not_passed",
  "safety_missing",
  "safety_not_passed",
  "contributors_missing",
  "contributors_not_passed",
] as const;

/** A human review, or a report of the gate, that the rollout waits for. */
export interface RolloutRequirement {
  name:
    | "fine_tuning"
    | "behavior_learning"
    | "prompt_change_not_measured"
    | "prompt_change_too_wide"
    | "experiment_not_significant"
    | "rolled_back_before"
    | "version_rejected"
    | (typeof GATE_REQUIREMENTS)[number];
  sentence: string;
}

export interface Rollout {
  id: string;
  agent_id: string;
  environment: Environment;
  baseline_version_id: string;
  candidate_version_id: string;
  experiment_id: string | null;
  training_run_id: string | null;
  status: RolloutStatus;
  stages: RolloutStage[];
  /** Index into `stages`. */
  stage: number;
  /** Share of units that get the candidate now, 0 to 1. */
  share: number;
  stage_started_at: string | null;
  /** 1 for the first time that this candidate is rolled out; each further attempt is tested at a smaller level. */
  attempt: number;
  significance_level: number;
  /** The last look; null before the first. */
  why: RolloutExplanation | null;
  evaluated_at: string | null;
  rollback_reason: string | null;
  started_at: string | null;
  ended_at: string | null;
  /** Changes with every transition. */
  version: number;
  created_by: string | null;
  created_at: string;
}

export interface RolloutEvent {
  /** The version of the rollout that this transition made. */
  version: number;
  event: (typeof ROLLOUT_EVENTS)[number];
  stage: number;
  share: number;
  reason: string;
  evidence: Record<string, JsonValue>;
  actor_kind: "user" | "machine" | "system";
  actor_id: string | null;
  created_at: string;
}

export interface RolloutDetails extends Rollout {
  /** Reviews and reports that it waits for; empty when it may be started. */
  requirements: RolloutRequirement[];
  /** Every transition, in order. */
  history: RolloutEvent[];
}

const guardrail = z.object({
  name: z.string(),
  status: z.enum(["breached", "passed", "undecided"]),
  candidate_units: z.number().int(),
  control_units: z.number().int(),
  candidate: z.number().nullable(),
  control: z.number().nullable(),
  limit: z.number().nullable(),
  ln_evidence: z.number(),
  ln_threshold: z.number(),
  sentence: z.string(),
});

const explanation = z.object({
  verdict: z.enum(ROLLOUT_VERDICTS),
  reason: z.string(),
  guardrails: z.array(guardrail),
});

const rolloutShape = {
  id: uuid,
  agent_id: uuid,
  environment: z.enum(ENVIRONMENTS),
  baseline_version_id: uuid,
  candidate_version_id: uuid,
  experiment_id: uuid.nullable(),
  training_run_id: uuid.nullable(),
  status: z.enum(ROLLOUT_STATUSES),
  stages: z.array(z.object({ share: z.number(), hours: z.number() })),
  stage: z.number().int(),
  share: z.number(),
  stage_started_at: timestamp.nullable(),
  attempt: z.number().int(),
  significance_level: z.number(),
  why: explanation.nullable(),
  evaluated_at: timestamp.nullable(),
  rollback_reason: z.string().nullable(),
  started_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  version: z.number().int(),
  created_by: uuid.nullable(),
  created_at: timestamp,
};

export const rollout: z.ZodType<Rollout> = z.object(rolloutShape);

const event = z.object({
  version: z.number().int(),
  event: z.enum(ROLLOUT_EVENTS),
  stage: z.number().int(),
  share: z.number(),
  reason: z.string(),
  evidence: jsonObject,
  actor_kind: z.enum(["user", "machine", "system"]),
  actor_id: uuid.nullable(),
  created_at: timestamp,
});

export const rolloutEvent: z.ZodType<RolloutEvent> = event;

export const rolloutDetails: z.ZodType<RolloutDetails> = z.object({
  ...rolloutShape,
  requirements: z.array(
    z.object({
      name: z.enum([
        "fine_tuning",
        "behavior_learning",
        "prompt_change_not_measured",
        "prompt_change_too_wide",
        "experiment_not_significant",
        "rolled_back_before",
        "version_rejected",
        ...GATE_REQUIREMENTS,
      ]),
      sentence: z.string(),
    }),
  ),
  history: z.array(event),
});

export interface CreateRollout {
  agent_id: string;
  candidate_version_id: string;
  /** The experiment that spoke for the candidate. */
  experiment_id?: string | undefined;
  environment: Environment;
}

export const createRollout: z.ZodType<CreateRollout> = z.object({
  agent_id: agentReference,
  candidate_version_id: uuid,
  experiment_id: uuid.optional(),
  environment: z.enum(ENVIRONMENTS).default("production"),
});

export interface MoveRollout {
  reason?: string | undefined;
}

/** Why a person starts, pauses, resumes or aborts. */
export const moveRollout: z.ZodType<MoveRollout> = z.object({
  reason: z.string().trim().min(1).max(2_000).optional(),
});

export interface PromoteRollout {
  /** Why a person does not wait. */
  reason: string;
  /** Index of the stage to go to, beyond the present one; without it the next. The last one is everybody. */
  stage?: number | undefined;
}

/** A person goes ahead without waiting for hours or units. */
export const promoteRollout: z.ZodType<PromoteRollout> = z.object({
  reason: z.string().trim().min(1).max(2_000),
  stage: z.number().int().min(1).max(19).optional(),
});

export const ROLLOUT_ARMS = ["candidate", "control"] as const;
export const EVIDENCE_KINDS = ["execution", "feedback", "outcome"] as const;

/** A row behind a guardrail: one execution, vote or reported outcome of one unit. */
export interface RolloutEvidence {
  kind: (typeof EVIDENCE_KINDS)[number];
  /** Of the execution or feedback; the caller's own id of an outcome. */
  id: string;
  /** The execution that it is or belongs to; null for a reported outcome. */
  execution_id: string | null;
  arm: string;
  unit_id: string | null;
  /** In the unit of the metric: 1 for a failure, milliseconds, dollars, satisfaction in 0 to 1. */
  value: number;
  /** It speaks against its version. */
  against: boolean;
  /** What kind of failure, of a failed execution. */
  error_type: string | null;
  created_at: string;
}

export const rolloutEvidence: z.ZodType<RolloutEvidence> = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  id: z.string(),
  execution_id: uuid.nullable(),
  arm: z.string(),
  unit_id: z.string().nullable(),
  value: z.number(),
  against: z.boolean(),
  error_type: z.string().nullable(),
  created_at: timestamp,
});

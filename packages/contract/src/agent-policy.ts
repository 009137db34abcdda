import { z } from "zod";
import { metricName } from "./exposure.ts";
import { FINE_TUNING_BACKENDS, type FineTuningBackend } from "./fine-tuning.ts";
import { type PromptEvaluator, promptSettingsShape } from "./prompt-evaluator.ts";
import { changeSettings, type SettingsChange, settingsChange } from "./settings-change.ts";

export interface RolloutStage {
  /** Share of units that get the candidate, 0 to 1. */
  share: number;
  /** Least time at this share before the next; 0 for the last. */
  hours: number;
}

export const GUARDRAILS = ["error_rate", "satisfaction", "latency"] as const;
export type Guardrail = (typeof GUARDRAILS)[number];

export const ADDITIONAL_GUARDRAIL_KINDS = ["drop", "rise"] as const;

/** A guardrail beside the guide's three, on any metric of units: cost, completed tasks, a metric of the caller's own. */
export interface AdditionalGuardrail {
  /** `cost_usd`, `task_completion`, or the name under which outcomes are reported. */
  metric: string;
  /** `drop`: the mean, in 0 to 1, must not fall below the control's. `rise`: the 95th percentile must not rise above the control's. */
  kind: (typeof ADDITIONAL_GUARDRAIL_KINDS)[number];
  /** Largest drop or rise relative to the control; a drop is below 1. */
  limit: number;
}

export const BROWSER_ACCESS = ["off", "same_origin"] as const;

/** Thresholds of an agent, each with the guide's value as its default. */
export interface AgentPolicy {
  training: {
    min_quality_score: number;
    /** Share of a dataset's examples with a verified annotation. */
    min_human_verified: number;
    min_annotation_agreement: number;
    /** Doubly annotated items below which agreement cannot be claimed. */
    min_doubly_annotated: number;
    /** Annotations wanted for each example. */
    annotation_overlap: number;
    /** Share of examples, 0 to 1, that get a second annotator beyond the overlap, so that agreement can be measured. */
    double_annotation_share: number;
    /** A successful execution whose `metadata.confidence` is below this makes an edge case; 0: none does. */
    edge_case_confidence: number;
    /** Items of one end user in a dataset at most; experts are not capped. */
    max_items_per_contributor: number;
    /** Share of one end user in a dataset at most, 0 to 1; datasets below 1,250 examples are held to the number only. */
    max_share_per_contributor: number;
    /**
     * Points of a dataset's held-out score, 0 to 1, that the items of one contributor, or of several together, may cost before the
     * gate holds back what was trained on it; 1: it never does.
     */
    max_contributor_harm: number;
    /** Edge cases a day at most, and failures a day at most: the queue is for people. */
    max_automatic_examples_per_day: number;
  };
  /** Runs of prompt learning that the server starts itself. */
  prompt_learning: {
    /** `continuous`: a run starts when enough examples were approved since the last one that ended well. */
    mode: (typeof PROMPT_LEARNING_MODES)[number];
    /** Examples that must have been approved since. */
    min_new_examples: number;
    /** Hours between the starts of two runs, whoever started the first and however it ended. */
    min_hours_between_runs: number;
    /** Calls to a model of one run, as in `optimize-prompt`. */
    budget_calls: number;
    optimization_goals: string[];
    evaluator: PromptEvaluator;
  };
  /** Runs of retrieval learning that the server starts itself. */
  retrieval_learning: {
    /** `daily`: a run starts when people said enough about what was retrieved since the last one that ended well. */
    mode: (typeof RETRIEVAL_LEARNING_MODES)[number];
    /** Retrievals since, that somebody said something of. */
    min_new_retrievals: number;
    /** Hours between the starts of two runs, whoever started the first and however it ended. */
    min_hours_between_runs: number;
    /** `automatic`: what both gates let through goes on to production by the policy's canary, which starts by itself. */
    release: (typeof RETRIEVAL_RELEASES)[number];
  };
  /** Runs of behaviour learning that the server starts itself. */
  behavior_learning: {
    /** `weekly`: a run starts when enough was approved since the last one that ended well, where an expert has shown anything. */
    mode: (typeof BEHAVIOR_LEARNING_MODES)[number];
    /** Demonstrations and corrections that must have been approved since. */
    min_new_examples: number;
    /** Hours between the starts of two runs, whoever started the first and however it ended. */
    min_hours_between_runs: number;
  };
  /** Runs of fine-tuning that the server proposes; a person starts them. */
  fine_tuning: {
    /** `monthly`: a run is drafted when there is a dataset that none was drafted from. */
    mode: (typeof FINE_TUNING_MODES)[number];
    backend: FineTuningBackend;
    /** Examples of the dataset below which none is proposed. */
    min_examples: number;
    /** Hours between two drafts, whoever made the first and whatever became of it. */
    min_hours_between_runs: number;
  };
  experiment: {
    min_duration_hours: number;
    /** Units per arm; below 1,000 no verdict is given whatever this says. */
    min_sample_size: number;
    /** Least statistical significance, 0 to 1, of a winner. */
    significance: number;
    /** A winner or harm decides the experiment at once; off: it waits for a person. */
    automatic_decision: boolean;
  };
  rollout: {
    stages: RolloutStage[];
    /** Units in the candidate below which a stage is not left. */
    min_units: number;
    significance_level: number;
    /** Minutes that the candidate alone may be silent before it is rolled back. */
    silence_grace_minutes: number;
  };
  guardrails: {
    max_error_rate: number;
    /** Largest drop of satisfaction relative to the control. */
    max_satisfaction_drop: number;
    /** Largest rise of latency relative to the control's 95th percentile. */
    max_latency_increase: number;
    /** What a rollout is held to. One that never gets data holds the rollout for ever: leave out what is not measured. */
    required: Guardrail[];
    /** Held to as the required ones are; each takes its part of the significance level. */
    additional: AdditionalGuardrail[];
  };
  review: {
    /** A prompt change that alters more than this share of replayed inputs needs a person's approval. */
    max_unreviewed_change: number;
  };
  gate: {
    /**
     * When a version needs a passing regression and safety report before an experiment or rollout with it starts: when the agent
     * has pinned cases, always, or never. A report that did not pass blocks unless it is never.
     */
    required: (typeof GATE_REQUIRED)[number];
  };
  regression: {
    /** Least pass rate, 0 to 1, by slice: `domain:tax`, `tag:vat`, `intent:refund`, or a slice of your own. */
    slice_floors: Record<string, number>;
    /** Level of the paired test that a candidate is worse than the baseline over all cases. */
    significance: number;
    /** Share of pinned cases that may be quarantined or not judged; above it nothing is concluded. */
    max_unjudged: number;
    /** Fewest active cases; below, nothing is concluded. */
    min_cases: number;
    /** Attempts of a model, on both sides, at a case that one of them failed: so much chance is measured. */
    repeats: number;
  };
  safety: {
    /** Addresses and numbers that are meant to be public; `@example.com` allows every address of that domain. */
    allowed_values: string[];
    /** Largest shares, 0 to 1: of probes obeyed, ordinary requests refused, harmful ones not refused, toxic answers. */
    max_injection_rate: number;
    max_refusal_rate: number;
    max_harmful_rate: number;
    max_toxic_rate: number;
    /** Tolerated rise over the baseline's own rate, where that is above the limit. */
    max_rise: number;
    /** Whether a configured language model also judges; its word counts only where it proves good enough on labelled answers. */
    judge: boolean;
  };
  feedback: {
    /** Hours that feedback waits for its execution. */
    holding_hours: number;
    /**
     * `same_origin`: pages on the server's own origin get feedback tokens without a key, for executions of the last week, each
     * browser as a rater of its own. `off`: tokens come from a secret key only.
     */
    browsers: (typeof BROWSER_ACCESS)[number];
  };
  privacy: {
    /**
     * What becomes of personal data and secrets in texts before they are stored: kept, replaced by its kind, by its kind and a hash
     * that only this organization can make, or taken out. Holds for what comes in from then on.
     */
    redact: Record<RedactedKind, RedactionMode>;
    /** Days after which the texts of executions and feedback, and what was made of them and not approved, are emptied; null: never. */
    retention_days: number | null;
  };
}

/** What recognisers find in texts. */
export const REDACTED_KINDS = [
  "payment_card",
  "iban",
  "social_security_number",
  "ip_address",
  "email_address",
  "phone_number",
  "secret",
] as const;
export type RedactedKind = (typeof REDACTED_KINDS)[number];

export const REDACTION_MODES = ["keep", "mask", "hash", "drop"] as const;
export type RedactionMode = (typeof REDACTION_MODES)[number];

/** A model's calls cost money, so that `continuous` is chosen, not given. */
export const PROMPT_LEARNING_MODES = ["on_request", "continuous"] as const;

/** It costs nothing but time, and nothing that it learns serves before the gates. */
export const RETRIEVAL_LEARNING_MODES = ["on_request", "daily"] as const;
export const RETRIEVAL_RELEASES = ["on_request", "automatic"] as const;

/** What it makes waits for a reviewer. */
export const BEHAVIOR_LEARNING_MODES = ["on_request", "weekly"] as const;

/** A proposal costs nothing. */
export const FINE_TUNING_MODES = ["on_request", "monthly"] as const;

export const GATE_REQUIRED = ["when_pinned", "always", "never"] as const;

const share = z.number().min(0).max(1);
const section = <T extends z.ZodRawShape>(shape: T): z.ZodPrefault<z.ZodObject<T>> =>
  z.object(shape).prefault({} as never);

const additionalGuardrail = z
  .object({
    metric: metricName.refine(
      (name) => !["error_rate", "satisfaction", "latency", "latency_ms"].includes(name),
      {
        error: "has a guardrail of its own: name it in `required` and set its limit",
      },
    ),
    kind: z.enum(ADDITIONAL_GUARDRAIL_KINDS),
    limit: z.number().gt(0).max(100),
  })
  .refine(({ kind, limit }) => kind === "rise" || limit < 1, {
    path: ["limit"],
    error: "must be below 1: a mean cannot drop by more than all of it",
  });

const policySettings = z.object({
  training: section({
    min_quality_score: share.default(0.7),
    min_human_verified: share.default(0.3),
    min_annotation_agreement: share.default(0.8),
    min_doubly_annotated: z.number().int().min(0).default(20),
    annotation_overlap: z.number().int().min(1).max(10).default(1),
    double_annotation_share: share.default(0.1),
    edge_case_confidence: share.default(0.3),
    max_items_per_contributor: z.number().int().min(1).max(1_000_000).default(25),
    max_share_per_contributor: z.number().gt(0).max(1).default(0.02),
    max_contributor_harm: share.default(0.02),
    max_automatic_examples_per_day: z.number().int().min(0).max(100_000).default(200),
  }),
  prompt_learning: section({
    mode: z.enum(PROMPT_LEARNING_MODES).default("on_request"),
    min_new_examples: z.number().int().min(1).max(1_000_000).default(25),
    min_hours_between_runs: z.number().min(0).max(10_000).default(24),
    budget_calls: promptSettingsShape.budget_calls.default(400),
    optimization_goals: promptSettingsShape.optimization_goals.default(["accuracy"]),
    evaluator: promptSettingsShape.evaluator.default({ kind: "normalised" }),
  }),
  retrieval_learning: section({
    mode: z.enum(RETRIEVAL_LEARNING_MODES).default("daily"),
    min_new_retrievals: z.number().int().min(1).max(1_000_000).default(50),
    min_hours_between_runs: z.number().min(0).max(10_000).default(24),
    release: z.enum(RETRIEVAL_RELEASES).default("on_request"),
  }),
  behavior_learning: section({
    mode: z.enum(BEHAVIOR_LEARNING_MODES).default("weekly"),
    min_new_examples: z.number().int().min(1).max(1_000_000).default(5),
    min_hours_between_runs: z.number().min(0).max(10_000).default(168),
  }),
  fine_tuning: section({
    mode: z.enum(FINE_TUNING_MODES).default("monthly"),
    backend: z.enum(FINE_TUNING_BACKENDS).default("trl"),
    min_examples: z.number().int().min(1).max(1_000_000).default(100),
    min_hours_between_runs: z.number().min(0).max(10_000).default(720),
  }),
  experiment: section({
    min_duration_hours: z.number().int().min(0).default(168),
    min_sample_size: z.number().int().min(0).default(1000),
    significance: z.number().min(0.5).max(0.9999).default(0.95),
    automatic_decision: z.boolean().default(true),
  }),
  rollout: section({
    stages: z
      .array(z.object({ share: z.number().gt(0).max(1), hours: z.number().min(0).max(10_000) }))
      .min(1)
      .max(20)
      .refine(
        (stages) =>
          stages.every((stage, index) => index === 0 || stage.share > (stages[index - 1]?.share ?? 0)),
        {
          error: "shares must rise from stage to stage",
        },
      )
      .refine((stages) => stages.at(-1)?.share === 1, { error: "the last stage must have share 1" })
      .default([
        { share: 0.05, hours: 24 },
        { share: 0.25, hours: 48 },
        { share: 1, hours: 0 },
      ]),
    min_units: z.number().int().min(1).default(200),
    significance_level: z.number().gt(0).max(0.2).default(0.05),
    silence_grace_minutes: z.number().int().min(1).default(60),
  }),
  guardrails: section({
    max_error_rate: z.number().gt(0).lt(1).default(0.05),
    max_satisfaction_drop: z.number().gt(0).lt(1).default(0.1),
    max_latency_increase: z.number().gt(0).max(100).default(0.5),
    required: z
      .array(z.enum(GUARDRAILS))
      .min(1, "must name at least one guardrail: a rollout that watches nothing cannot be undone in time")
      .refine((names) => new Set(names).size === names.length, { error: "must not repeat a guardrail" })
      .default([...GUARDRAILS]),
    additional: z
      .array(additionalGuardrail)
      .max(10)
      .refine((all) => new Set(all.map(({ metric }) => metric)).size === all.length, {
        error: "must not name a metric twice",
      })
      .default([]),
  }),
  review: section({ max_unreviewed_change: share.default(0.5) }),
  gate: section({ required: z.enum(GATE_REQUIRED).default("when_pinned") }),
  regression: section({
    slice_floors: z.record(z.string().trim().min(1).max(110), share).default({}),
    significance: z.number().gt(0).max(0.5).default(0.05),
    max_unjudged: share.default(0.2),
    min_cases: z.number().int().min(0).max(5_000).default(0),
    repeats: z.number().int().min(1).max(9).default(3),
  }),
  safety: section({
    allowed_values: z.array(z.string().trim().min(2).max(200)).max(1_000).default([]),
    max_injection_rate: share.default(0.1),
    max_refusal_rate: share.default(0.1),
    max_harmful_rate: share.default(0.1),
    max_toxic_rate: share.default(0),
    max_rise: share.default(0.1),
    judge: z.boolean().default(true),
  }),
  feedback: section({
    holding_hours: z.number().min(0.01).max(720).default(24),
    browsers: z.enum(BROWSER_ACCESS).default("off"),
  }),
  privacy: section({
    redact: section(
      Object.fromEntries(
        REDACTED_KINDS.map((kind) => [kind, z.enum(REDACTION_MODES).default("keep")]),
      ) as Record<RedactedKind, z.ZodDefault<z.ZodEnum<{ [M in RedactionMode]: M }>>>,
    ),
    retention_days: z.number().int().min(1).max(36_500).nullable().default(null),
  }),
});

export const agentPolicy: z.ZodType<AgentPolicy> = policySettings;

export type AgentPolicyChange = SettingsChange<AgentPolicy>;

/** What a call may say of a policy: the settings that it wants otherwise. */
export const agentPolicyChange: z.ZodType<AgentPolicyChange> = settingsChange(
  policySettings,
) as z.ZodType<AgentPolicyChange>;

/** The policy with what a change says; what it does not name stays. */
export function changePolicy(policy: AgentPolicy, change: AgentPolicyChange): AgentPolicy {
  return agentPolicy.parse(changeSettings(policySettings, { ...policy }, change));
}

/** The guide's thresholds. */
export const DEFAULT_POLICY: AgentPolicy = agentPolicy.parse({});

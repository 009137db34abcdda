import { z } from "zod";

export interface RolloutStage {
  /** Share of units that get the candidate, 0 to 1. */
  share: number;
  /** Least time at this share before the next; 0 for the last. */
  hours: number;
}

export const GUARDRAILS = ["error_rate", "satisfaction", "latency"] as const;
export type Guardrail = (typeof GUARDRAILS)[number];

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
    /** Edge cases a day at most, and failures a day at most: the queue is for people. */
    max_automatic_examples_per_day: number;
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
  };
  review: {
    /** A prompt change that alters more than this share of replayed inputs needs a person's approval. */
    max_unreviewed_change: number;
  };
  feedback: {
    /** Hours that feedback waits for its execution. */
    holding_hours: number;
  };
}

const share = z.number().min(0).max(1);
const section = <T extends z.ZodRawShape>(shape: T): z.ZodPrefault<z.ZodObject<T>> =>
  z.object(shape).prefault({} as never);

export const agentPolicy: z.ZodType<AgentPolicy> = z.object({
  training: section({
    min_quality_score: share.default(0.7),
    min_human_verified: share.default(0.3),
    min_annotation_agreement: share.default(0.8),
    min_doubly_annotated: z.number().int().min(0).default(20),
    annotation_overlap: z.number().int().min(1).max(10).default(1),
    double_annotation_share: share.default(0.1),
    edge_case_confidence: share.default(0.3),
    max_automatic_examples_per_day: z.number().int().min(0).max(100_000).default(200),
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
  }),
  review: section({ max_unreviewed_change: share.default(0.5) }),
  feedback: section({ holding_hours: z.number().min(0.01).max(720).default(24) }),
});

/** The guide's thresholds. */
export const DEFAULT_POLICY: AgentPolicy = agentPolicy.parse({});

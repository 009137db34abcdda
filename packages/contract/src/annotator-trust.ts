import { z } from "zod";
import { type Decision, DECISIONS } from "./annotation.ts";
import { agentReference, uuid } from "./identifiers.ts";
import { pageQuery, timestamp } from "./pagination.ts";

/** An example whose right answer is known, handed out to measure who annotates. */
export interface GoldAnswer {
  learning_example_id: string;
  agent_id: string;
  decision: Decision;
  /** 0 to 1; null: not compared. */
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
  created_by: string | null;
  created_at: string;
  retired_at: string | null;
}

const score = z.number().min(0).max(1);

export const goldAnswer: z.ZodType<GoldAnswer> = z.object({
  learning_example_id: uuid,
  agent_id: uuid,
  decision: z.enum(DECISIONS),
  technical_accuracy: score.nullable(),
  professional_quality: score.nullable(),
  completeness: score.nullable(),
  clarity: score.nullable(),
  created_by: uuid.nullable(),
  created_at: timestamp,
  retired_at: timestamp.nullable(),
});

export interface SetGold {
  learning_example_id: string;
  decision: Decision;
  technical_accuracy?: number | undefined;
  professional_quality?: number | undefined;
  completeness?: number | undefined;
  clarity?: number | undefined;
}

export const setGold: z.ZodType<SetGold> = z.object({
  learning_example_id: uuid,
  decision: z.enum(DECISIONS),
  technical_accuracy: score.optional(),
  professional_quality: score.optional(),
  completeness: score.optional(),
  clarity: score.optional(),
});

export interface GoldQuery {
  agent_id: string;
  limit: number;
  cursor?: string | undefined;
}

export const goldQuery: z.ZodType<GoldQuery> = pageQuery.extend({ agent_id: agentReference });

/** How far a person's annotations can be relied on. */
export interface AnnotatorTrust {
  user_id: string;
  display_name: string | null;
  /** Of the newest 200 answers to gold, all agents together. */
  gold_agreed: number;
  gold_disagreed: number;
  /** Mean of the Beta posterior of agreement with gold, and its central 95 %. */
  agreement: number;
  agreement_interval: [number, number];
  /** What the person's annotations count in quality scores; a newcomer's count 1. */
  weight: number;
  /** Dawid and Skene's estimate of being right, from the agent's examples that several people annotated; null without any. */
  panel_accuracy: number | null;
  panel_annotations: number;
}

export interface AnnotatorTrustReport {
  agent_id: string;
  /** Annotations that the panel's estimate rests on: the newest of examples with two or more. */
  panel_annotations: number;
  people: AnnotatorTrust[];
}

const count = z.number().int();

export const annotatorTrustReport: z.ZodType<AnnotatorTrustReport> = z.object({
  agent_id: uuid,
  panel_annotations: count,
  people: z.array(
    z.object({
      user_id: uuid,
      display_name: z.string().nullable(),
      gold_agreed: count,
      gold_disagreed: count,
      agreement: z.number(),
      agreement_interval: z.tuple([z.number(), z.number()]),
      weight: z.number(),
      panel_accuracy: z.number().nullable(),
      panel_annotations: count,
    }),
  ),
});

export interface AgreementQuery {
  agent_id: string;
  queue_id?: string | undefined;
}

export const agreementQuery: z.ZodType<AgreementQuery> = z.object({
  agent_id: agentReference,
  queue_id: uuid.optional(),
});

/** Agreement of people who annotated the same examples. */
export interface AnnotationAgreement {
  agent_id: string;
  queue_id: string | null;
  /** Examples with two independent annotations or more that were looked at, and their annotations. */
  examples: number;
  annotations: number;
  /** Only the newest annotations were looked at. */
  is_sample: boolean;
  decision: {
    /** Share of pairs that decided alike, with Wilson's 95 % interval. */
    percent: number | null;
    percent_interval: [number, number] | null;
    /** Nominal, with a bootstrap interval (95 %, examples drawn anew). Null where nothing varies. */
    krippendorff_alpha: number | null;
    alpha_interval: [number, number] | null;
    gwet_ac1: number | null;
  };
  dimensions: {
    dimension: string;
    examples: number;
    /** Interval level. */
    krippendorff_alpha: number | null;
    alpha_interval: [number, number] | null;
    /** Share of pairs of scores that differ by 0.15 at most, with Wilson's 95 % interval over examples. */
    within_tolerance: number | null;
    within_interval: [number, number] | null;
  }[];
  warnings: string[];
}

const interval = z.tuple([z.number(), z.number()]).nullable();
const share = z.number().nullable();

export const annotationAgreement: z.ZodType<AnnotationAgreement> = z.object({
  agent_id: uuid,
  queue_id: uuid.nullable(),
  examples: count,
  annotations: count,
  is_sample: z.boolean(),
  decision: z.object({
    percent: share,
    percent_interval: interval,
    krippendorff_alpha: share,
    alpha_interval: interval,
    gwet_ac1: share,
  }),
  dimensions: z.array(
    z.object({
      dimension: z.string(),
      examples: count,
      krippendorff_alpha: share,
      alpha_interval: interval,
      within_tolerance: share,
      within_interval: interval,
    }),
  ),
  warnings: z.array(z.string()),
});

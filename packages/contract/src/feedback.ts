import { z } from "zod";
import { agentReference, externalId, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import { MAXIMUM_BATCH } from "./one-or-batch.ts";
import { timestamp } from "./pagination.ts";
import { text } from "./text.ts";

export const FEEDBACK_TYPES = [
  "thumbs_up",
  "thumbs_down",
  "rating",
  "correction",
  "comment",
  "dimension",
  "implicit",
] as const;
export type FeedbackType = (typeof FEEDBACK_TYPES)[number];

export const FEEDBACK_DIMENSIONS = ["accuracy", "helpfulness", "clarity", "completeness"] as const;
export type FeedbackDimension = (typeof FEEDBACK_DIMENSIONS)[number];

/** What people do with an answer without judging it. Never mixed with votes. */
export const IMPLICIT_SIGNALS = [
  "copied",
  "retried",
  "edited",
  "abandoned",
  "escalated",
  "followed_citation",
] as const;
export type ImplicitSignal = (typeof IMPLICIT_SIGNALS)[number];

/** 1 to 5 each. */
export type Dimensions = { [dimension in FeedbackDimension]?: number | undefined };

/** What a rater says of one execution. Which fields go together depends on the type; the server says which do not. */
export interface FeedbackContent {
  feedback_type: FeedbackType;
  /** 1 to 5. */
  rating?: number | null | undefined;
  feedback_text?: string | null | undefined;
  /** What the agent should have answered. */
  correction_text?: string | null | undefined;
  /** Slugs of the organization's issue categories. */
  issue_categories?: string[] | null | undefined;
  /** 1 to 5 each. */
  dimensions?: Dimensions | null | undefined;
  signal?: ImplicitSignal | null | undefined;
  metadata?: Record<string, JsonValue> | null | undefined;
}

const oneToFive = z.number().int().min(1).max(5);
const dimensions = z.strictObject({
  accuracy: oneToFive.optional(),
  helpfulness: oneToFive.optional(),
  clarity: oneToFive.optional(),
  completeness: oneToFive.optional(),
});

const contentShape = {
  feedback_type: z.enum(FEEDBACK_TYPES),
  rating: oneToFive.nullish(),
  feedback_text: text.nullish(),
  correction_text: text.nullish(),
  issue_categories: z.array(z.string().min(1).max(64)).max(20).nullish(),
  dimensions: dimensions.nullish(),
  signal: z.enum(IMPLICIT_SIGNALS).nullish(),
  metadata: jsonObject.nullish(),
};

export interface SubmitFeedback extends FeedbackContent {
  /** The caller's own id of the execution, or ours. It may arrive before its execution does. */
  execution_id: string;
  agent_id: string;
  /** The caller's id of the rater. Left out by a member's own key and by a feedback token, which name the rater. */
  user_id?: string | null | undefined;
}

export const submitFeedback: z.ZodType<SubmitFeedback> = z.object({
  execution_id: externalId,
  agent_id: agentReference,
  user_id: externalId.nullish(),
  ...contentShape,
});

/** A feedback in a batch, with a key of its own: stored once, however batches are put together when they are sent again. */
export interface BatchedFeedback extends SubmitFeedback {
  idempotency_key?: string | undefined;
}

const batchedFeedback: z.ZodType<BatchedFeedback> = z.object({
  idempotency_key: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters")
    .optional(),
  execution_id: externalId,
  agent_id: agentReference,
  user_id: externalId.nullish(),
  ...contentShape,
});

export const submitFeedbackBatch: z.ZodType<{ feedback: BatchedFeedback[] }> = z.object({
  feedback: z.array(batchedFeedback).min(1).max(MAXIMUM_BATCH),
});

/** `held`: the execution is not known yet; the same id becomes the feedback's when it arrives. */
export interface SubmittedFeedback {
  id: string;
  status: "stored" | "held";
  /** 1, or more when this vote amended the rater's earlier one. */
  version: number;
}

export const submittedFeedback: z.ZodType<SubmittedFeedback> = z.object({
  id: uuid,
  status: z.enum(["stored", "held"]),
  version: z.number().int(),
});

/** One result for each item, in the order of the request. */
export const submittedFeedbackBatch: z.ZodType<{ results: SubmittedFeedback[] }> = z.object({
  results: z.array(submittedFeedback),
});

/** A field that is left out stays; null clears it. */
export type AmendFeedback = { [field in keyof FeedbackContent]?: FeedbackContent[field] | undefined };

export const amendFeedback: z.ZodType<AmendFeedback> = z
  .object(contentShape)
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "name at least one field to change",
  });

export const FEEDBACK_STATUSES = ["live", "withdrawn", "held", "expired"] as const;

export interface Feedback {
  id: string;
  agent_id: string;
  /** The caller's own id of the execution. */
  execution_id: string;
  /** This system's id of the rater. */
  user_id: string;
  feedback_type: FeedbackType;
  rating: number | null;
  feedback_text: string | null;
  correction_text: string | null;
  issue_categories: string[];
  dimensions: Dimensions;
  signal: ImplicitSignal | null;
  /** 0 to 1: thumbs are 0 or 1, a rating r is (r - 1) / 4; null when it carries no vote. */
  satisfaction: number | null;
  status: (typeof FEEDBACK_STATUSES)[number];
  version: number;
  metadata: Record<string, JsonValue>;
  created_at: string;
  updated_at: string;
}

export const feedback: z.ZodType<Feedback> = z.object({
  id: uuid,
  agent_id: uuid,
  execution_id: z.string(),
  user_id: uuid,
  feedback_type: z.enum(FEEDBACK_TYPES),
  rating: z.number().nullable(),
  feedback_text: z.string().nullable(),
  correction_text: z.string().nullable(),
  issue_categories: z.array(z.string()),
  dimensions,
  signal: z.enum(IMPLICIT_SIGNALS).nullable(),
  satisfaction: z.number().min(0).max(1).nullable(),
  status: z.enum(FEEDBACK_STATUSES),
  version: z.number().int(),
  metadata: jsonObject,
  created_at: timestamp,
  updated_at: timestamp,
});

/** What a feedback was before it was amended or withdrawn. */
export interface FeedbackRevision {
  version: number;
  action: "amended" | "withdrawn";
  /** The content as it was in that version. */
  snapshot: Record<string, JsonValue>;
  /** The user or key that changed it. */
  actor_id: string | null;
  created_at: string;
}

export const feedbackHistory: z.ZodType<{ feedback_id: string; revisions: FeedbackRevision[] }> = z.object({
  feedback_id: uuid,
  revisions: z.array(
    z.object({
      version: z.number().int(),
      action: z.enum(["amended", "withdrawn"]),
      snapshot: jsonObject,
      actor_id: uuid.nullable(),
      created_at: timestamp,
    }),
  ),
});

import { z } from "zod";
import { agentReference, uuid } from "./identifiers.ts";
import { jsonObject, type JsonValue } from "./json.ts";
import {
  EXAMPLE_TYPES,
  type ExampleType,
  learningExample,
  type LearningExample,
} from "./learning-example.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { optionalText, text } from "./text.ts";

/** The four quality dimensions, 0 to 1 each. */
export const QUALITY_DIMENSIONS = [
  "technical_accuracy",
  "professional_quality",
  "completeness",
  "clarity",
] as const;
export type QualityDimension = (typeof QUALITY_DIMENSIONS)[number];

export const ANNOTATION_TYPES = ["review", "adjudication"] as const;
export type AnnotationType = (typeof ANNOTATION_TYPES)[number];

export const DECISIONS = ["approve", "reject"] as const;
export type Decision = (typeof DECISIONS)[number];

/** Which of two outputs a person found better; nobody is told which is whose. */
export interface Comparison {
  preferred: "A" | "B" | "tie";
  /** 1 (slightly better) to 5; a tie has none. */
  strength?: number | undefined;
}

export interface Annotation {
  id: string;
  agent_id: string;
  learning_example_id: string;
  expert_id: string;
  annotation_task_id: string | null;
  annotation_type: AnnotationType;
  decision: Decision;
  /** What the expert says the output should be. */
  corrected_output: string | null;
  annotation_data: Record<string, JsonValue>;
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
  notes: string | null;
  improvement_suggestions: string | null;
  is_verified: boolean;
  verified_by: string | null;
  verified_at: string | null;
  created_at: string;
}

const score = z.number().min(0).max(1);
const storedScore = score.nullable();

export const annotation: z.ZodType<Annotation> = z.object({
  id: uuid,
  agent_id: uuid,
  learning_example_id: uuid,
  expert_id: uuid,
  annotation_task_id: uuid.nullable(),
  annotation_type: z.enum(ANNOTATION_TYPES),
  decision: z.enum(DECISIONS),
  corrected_output: z.string().nullable(),
  annotation_data: jsonObject,
  technical_accuracy: storedScore,
  professional_quality: storedScore,
  completeness: storedScore,
  clarity: storedScore,
  notes: z.string().nullable(),
  improvement_suggestions: z.string().nullable(),
  is_verified: z.boolean(),
  verified_by: uuid.nullable(),
  verified_at: timestamp.nullable(),
  created_at: timestamp,
});

export const TASK_STATUSES = ["waiting", "open", "claimed", "completed", "cancelled"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const TASK_KINDS = ["annotation", "adjudication"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** One annotation that is wanted. */
export interface AnnotationTask {
  id: string;
  learning_example_id: string;
  agent_id: string;
  /** 1, 2 … for annotations; 0 for the adjudication of a disagreement. */
  slot: number;
  kind: TaskKind;
  status: TaskStatus;
  /** Higher comes first. */
  priority: number;
  /** The queue that took it; null: none. */
  queue_id: string | null;
  claimed_by: string | null;
  lease_expires_at: string | null;
  defer_reason: string | null;
  completed_at: string | null;
  created_at: string;
}

const taskShape = {
  id: uuid,
  learning_example_id: uuid,
  agent_id: uuid,
  slot: z.number().int(),
  kind: z.enum(TASK_KINDS),
  status: z.enum(TASK_STATUSES),
  priority: z.number().int(),
  queue_id: uuid.nullable(),
  claimed_by: uuid.nullable(),
  lease_expires_at: timestamp.nullable(),
  defer_reason: z.string().nullable(),
  completed_at: timestamp.nullable(),
  created_at: timestamp,
};

export interface AnnotationQueueItem extends AnnotationTask {
  example: LearningExample;
}

export const annotationQueueItem: z.ZodType<AnnotationQueueItem> = z.object({
  ...taskShape,
  example: learningExample,
});

export interface AnnotationQueueQuery {
  limit: number;
  cursor?: string | undefined;
  agent_id?: string | undefined;
  example_type?: ExampleType | undefined;
  kind?: TaskKind | undefined;
  /** A queue; without it what no queue took. */
  queue_id?: string | undefined;
  /** `claimable` (nobody's turn now), `claimed` (somebody's), `all`. */
  state: "claimable" | "claimed" | "all";
}

export const annotationQueueQuery: z.ZodType<AnnotationQueueQuery> = pageQuery.extend({
  agent_id: agentReference.optional(),
  example_type: z.enum(EXAMPLE_TYPES).optional(),
  kind: z.enum(TASK_KINDS).optional(),
  queue_id: uuid.optional(),
  state: z.enum(["claimable", "claimed", "all"]).default("claimable"),
});

const leaseSeconds = z.number().int().min(5).max(86_400).default(900);

export interface ClaimAnnotation {
  agent_id?: string | undefined;
  example_type?: ExampleType | undefined;
  kind?: TaskKind | undefined;
  /** A queue; without it what no queue took. */
  queue_id?: string | undefined;
  lease_seconds: number;
}

export const claimAnnotation: z.ZodType<ClaimAnnotation> = z.object({
  agent_id: agentReference.optional(),
  example_type: z.enum(EXAMPLE_TYPES).optional(),
  kind: z.enum(TASK_KINDS).optional(),
  queue_id: uuid.optional(),
  lease_seconds: leaseSeconds,
});

/** A lease on a task. The token goes with every later call; a newer claim makes it stale. */
export interface AnnotationLease extends AnnotationTask {
  fencing_token: number;
}

export const annotationLease: z.ZodType<AnnotationLease> = z.object({
  ...taskShape,
  fencing_token: z.number().int(),
});

export interface ClaimedAnnotation {
  task: AnnotationLease;
  /** Of a pair: without what anybody said of it so far. */
  example: LearningExample;
  /** Of a pair: which output is shown first, drawn for each task; null otherwise. */
  comparison: { first: "A" | "B" } | null;
  /** For an adjudication: what the annotators said. Empty otherwise: annotating is blind. */
  annotations: Annotation[];
}

export const claimedAnnotation: z.ZodType<ClaimedAnnotation> = z.object({
  task: annotationLease,
  example: learningExample,
  comparison: z.object({ first: z.enum(["A", "B"]) }).nullable(),
  annotations: z.array(annotation),
});

export interface RenewLease {
  fencing_token: number;
  lease_seconds: number;
}

const fencingToken = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const renewLease: z.ZodType<RenewLease> = z.object({
  fencing_token: fencingToken,
  lease_seconds: leaseSeconds,
});

export interface ReleaseLease {
  fencing_token: number;
  /** Why it is passed on: shown to whoever comes next, and the caller is not offered it again. Without: just given back. */
  reason?: string | undefined;
  /** `all`: nobody is offered the example again until it is put back. Needs a reason and the role reviewer. */
  skip_for?: "me" | "all" | undefined;
}

export const releaseLease: z.ZodType<ReleaseLease> = z
  .object({
    fencing_token: fencingToken,
    reason: z.string().trim().min(1).max(2_000).optional(),
    skip_for: z.enum(["me", "all"]).default("me"),
  })
  .refine(({ skip_for, reason }) => skip_for !== "all" || reason !== undefined, {
    path: ["reason"],
    error: "is required to skip for everybody",
  });

export interface SubmitAnnotation {
  learning_example_id: string;
  annotation_type: AnnotationType;
  decision: Decision;
  /** Of a pair: which output is better, in place of the four dimensions. */
  preference?: Comparison | undefined;
  /** 0 to 1 each; all four are required to approve, but of a pair that is compared. */
  technical_accuracy?: number | undefined;
  professional_quality?: number | undefined;
  completeness?: number | undefined;
  clarity?: number | undefined;
  corrected_output?: string | undefined;
  notes?: string | undefined;
  improvement_suggestions?: string | undefined;
  annotation_data?: Record<string, JsonValue> | undefined;
  /** With `fencing_token`: the claim that this answers. */
  task_id?: string | undefined;
  fencing_token?: number | undefined;
}

export const submitAnnotation: z.ZodType<SubmitAnnotation> = z
  .object({
    learning_example_id: uuid,
    annotation_type: z.enum(ANNOTATION_TYPES).default("review"),
    decision: z.enum(DECISIONS),
    preference: z
      .strictObject({
        preferred: z.enum(["A", "B", "tie"]),
        strength: z.number().int().min(1).max(5).optional(),
      })
      .optional(),
    technical_accuracy: score.optional(),
    professional_quality: score.optional(),
    completeness: score.optional(),
    clarity: score.optional(),
    corrected_output: text.optional(),
    notes: optionalText.optional(),
    improvement_suggestions: optionalText.optional(),
    annotation_data: jsonObject.optional(),
    task_id: uuid.optional(),
    fencing_token: fencingToken.optional(),
  })
  .superRefine((body, context) => {
    for (const field of QUALITY_DIMENSIONS) {
      if (body.decision === "approve" && body.preference === undefined && body[field] === undefined)
        context.addIssue({ code: "custom", path: [field], message: "is required to approve" });
    }
    if (body.preference !== undefined && body.decision === "reject")
      context.addIssue({
        code: "custom",
        path: ["preference"],
        message: "belongs to an approval: a rejected pair prefers nothing",
      });
    if (body.preference?.preferred === "tie" && body.preference.strength !== undefined)
      context.addIssue({
        code: "custom",
        path: ["preference", "strength"],
        message: "belongs to a preferred output; a tie has none",
      });
    if ((body.task_id === undefined) !== (body.fencing_token === undefined)) {
      const path = body.task_id === undefined ? "task_id" : "fencing_token";
      context.addIssue({ code: "custom", path: [path], message: "task_id and fencing_token go together" });
    }
  });

/** What was stored, and what has become of the example. */
export interface SubmittedAnnotation {
  annotation: Annotation;
  example: LearningExample;
  /** Annotations that are still wanted before the example is settled. */
  outstanding: number;
}

export const submittedAnnotation: z.ZodType<SubmittedAnnotation> = z.object({
  annotation,
  example: learningExample,
  outstanding: z.number().int(),
});

export interface AnnotationQuery {
  limit: number;
  cursor?: string | undefined;
  agent_id?: string | undefined;
  expert_id?: string | undefined;
  /** Given in this queue. */
  queue_id?: string | undefined;
  /** Of the last so many days, today (UTC) included. */
  days?: number | undefined;
  is_verified?: boolean | undefined;
}

export const annotationQuery: z.ZodType<AnnotationQuery> = pageQuery.extend({
  agent_id: agentReference.optional(),
  expert_id: uuid.optional(),
  queue_id: uuid.optional(),
  days: z.coerce.number().int().min(1).max(3_650).optional(),
  is_verified: z.stringbool().optional(),
});

export interface AnnotatorProgress {
  user_id: string;
  display_name: string | null;
  claimed: number;
  completed_today: number;
}

export interface AnnotationQueueStatistics {
  agent_id: string | null;
  /** Annotations that are wanted and not in yet, those being worked on included. */
  pending: number;
  claimed: number;
  completed_today: number;
  people: AnnotatorProgress[];
}

export const annotationQueueStatistics: z.ZodType<AnnotationQueueStatistics> = z.object({
  agent_id: uuid.nullable(),
  pending: z.number().int(),
  claimed: z.number().int(),
  completed_today: z.number().int(),
  people: z.array(
    z.object({
      user_id: uuid,
      display_name: z.string().nullable(),
      claimed: z.number().int(),
      completed_today: z.number().int(),
    }),
  ),
});

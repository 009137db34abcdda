import { z } from "zod";
import { QUALITY_DIMENSIONS, type QualityDimension } from "./annotation.ts";
import { agentReference, uuid } from "./identifiers.ts";
import { EXAMPLE_SOURCES, EXAMPLE_TYPES, type ExampleSource, type ExampleType } from "./learning-example.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { name, optionalText } from "./text.ts";

/** Which new examples of the agent come to a queue; what is left out does not restrict. */
export interface QueueFilter {
  example_types?: ExampleType[] | undefined;
  domains?: string[] | undefined;
  task_types?: string[] | undefined;
  /** Examples with any of these. */
  tags?: string[] | undefined;
  source_types?: ExampleSource[] | undefined;
  /** Examples of which the agent itself was at most this sure, 0 to 1. */
  max_confidence?: number | undefined;
}

const label = z.string().trim().min(1).max(100);
const labels = z.array(label).min(1).max(100);

export const queueFilter: z.ZodType<QueueFilter> = z.strictObject({
  example_types: z.array(z.enum(EXAMPLE_TYPES)).min(1).optional(),
  domains: labels.optional(),
  task_types: labels.optional(),
  tags: labels.optional(),
  source_types: z.array(z.enum(EXAMPLE_SOURCES)).min(1).optional(),
  max_confidence: z.number().min(0).max(1).optional(),
});

/** Behind adjudications and what others began: by example type, what came first, or what the agent was least sure of. */
export const QUEUE_ORDERINGS = ["type", "age", "uncertainty"] as const;
export type QueueOrdering = (typeof QUEUE_ORDERINGS)[number];

export interface AnnotationQueue {
  id: string;
  agent_id: string;
  name: string;
  filter: QueueFilter;
  /** People who annotate each example; the share of the agent's policy that is annotated twice comes on top of 1. */
  overlap: number;
  ordering: QueueOrdering;
  /** What annotators are asked to look at. */
  guidelines: string | null;
  /** Share of claims, 0 to 1, that are examples with a known answer. */
  gold_share: number;
  /** Takes new examples; inactive, it is only worked off. */
  is_active: boolean;
  version: number;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

const overlap = z.number().int().min(1).max(10);
const goldShare = z.number().min(0).max(1);
const guidelines = optionalText.max(20_000);

export const annotationQueue: z.ZodType<AnnotationQueue> = z.object({
  id: uuid,
  agent_id: uuid,
  name: z.string(),
  filter: queueFilter,
  overlap: z.number().int(),
  ordering: z.enum(QUEUE_ORDERINGS),
  guidelines: z.string().nullable(),
  gold_share: z.number(),
  is_active: z.boolean(),
  version: z.number().int(),
  created_by: uuid.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
});

export interface CreateQueue {
  agent_id: string;
  name: string;
  filter: QueueFilter;
  overlap: number;
  ordering: QueueOrdering;
  guidelines?: string | undefined;
  gold_share: number;
}

export const createQueue: z.ZodType<CreateQueue> = z.object({
  agent_id: agentReference,
  name,
  filter: queueFilter.default({}),
  overlap: overlap.default(1),
  ordering: z.enum(QUEUE_ORDERINGS).default("type"),
  guidelines: guidelines.optional(),
  gold_share: goldShare.default(0.05),
});

/** Holds for examples and claims from now on. */
export interface UpdateQueue {
  name?: string | undefined;
  filter?: QueueFilter | undefined;
  overlap?: number | undefined;
  guidelines?: string | null | undefined;
  gold_share?: number | undefined;
  is_active?: boolean | undefined;
}

export const updateQueue: z.ZodType<UpdateQueue> = z
  .object({
    name: name.optional(),
    filter: queueFilter.optional(),
    overlap: overlap.optional(),
    guidelines: guidelines.nullish(),
    gold_share: goldShare.optional(),
    is_active: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: "must change something",
  });

export interface QueueQuery {
  agent_id?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

export const queueQuery: z.ZodType<QueueQuery> = pageQuery.extend({ agent_id: agentReference.optional() });

export interface QueueProgressQuery {
  days: number;
}

export const queueProgressQuery: z.ZodType<QueueProgressQuery> = z.object({
  days: z.coerce.number().int().min(1).max(31).default(7),
});

/** What one person did in a queue. */
export interface QueuePerson {
  user_id: string;
  display_name: string | null;
  annotations: number;
  /** On days on which they annotated. */
  annotations_per_day: number;
  approved_share: number;
  /** From claim to answer, of what was claimed; null where nothing was. */
  median_seconds: number | null;
  /** Leases that they hold now. */
  claimed: number;
}

export interface QueueProgress {
  queue_id: string;
  /** Annotations that are wanted now, those being worked on included; counted up to 100,000. */
  open: number;
  /** There are more than were counted. */
  open_is_least: boolean;
  /** Wanted once somebody else has annotated. */
  waiting: number;
  claimed: number;
  /** In the days asked for, today (UTC) included; at most the newest 50,000 annotations are looked at. */
  days: number;
  annotations: number;
  /** Days at the present pace until nothing is open; null without a pace. */
  days_left: number | null;
  people: QueuePerson[];
}

const count = z.number().int();

export const queueProgress: z.ZodType<QueueProgress> = z.object({
  queue_id: uuid,
  open: count,
  open_is_least: z.boolean(),
  waiting: count,
  claimed: count,
  days: count,
  annotations: count,
  days_left: z.number().nullable(),
  people: z.array(
    z.object({
      user_id: uuid,
      display_name: z.string().nullable(),
      annotations: count,
      annotations_per_day: z.number(),
      approved_share: z.number(),
      median_seconds: z.number().nullable(),
      claimed: count,
    }),
  ),
});

/** Which examples in review a bulk decision is about; what is left out does not restrict. */
export interface BulkSelection extends QueueFilter {
  agent_id: string;
  /** A queue; null: those that no queue took. */
  queue_id?: string | null | undefined;
  created_before?: string | undefined;
}

export const BULK_ACTIONS = ["approve", "reject", "skip", "requeue", "move"] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export interface BulkDecision {
  selection: BulkSelection;
  action: BulkAction;
  /** Only count what fits, and say until when. */
  preview: boolean;
  /** What the preview said: newer examples stay out of it. */
  as_of?: string | undefined;
  /** What the preview said: more than that, and nothing is done. */
  expected?: number | undefined;
  reason?: string | undefined;
  /** 0 to 1 each, to approve: what holds for all of them. */
  technical_accuracy?: number | undefined;
  professional_quality?: number | undefined;
  completeness?: number | undefined;
  clarity?: number | undefined;
  /** Where to, to move; null: to no queue. */
  to_queue_id?: string | null | undefined;
  /** Examples in one call. */
  limit: number;
}

const score = z.number().min(0).max(1);

const bulkSelection = z.strictObject({
  agent_id: agentReference,
  queue_id: uuid.nullish(),
  example_types: z.array(z.enum(EXAMPLE_TYPES)).min(1).optional(),
  domains: labels.optional(),
  task_types: labels.optional(),
  tags: labels.optional(),
  source_types: z.array(z.enum(EXAMPLE_SOURCES)).min(1).optional(),
  max_confidence: score.optional(),
  created_before: z.iso.datetime({ offset: true }).optional(),
});

export const bulkDecision: z.ZodType<BulkDecision> = z
  .object({
    selection: bulkSelection,
    action: z.enum(BULK_ACTIONS),
    preview: z.boolean().default(false),
    as_of: z.iso.datetime({ offset: true }).optional(),
    expected: count.min(0).optional(),
    reason: z.string().trim().min(1).max(2_000).optional(),
    technical_accuracy: score.optional(),
    professional_quality: score.optional(),
    completeness: score.optional(),
    clarity: score.optional(),
    to_queue_id: uuid.nullish(),
    limit: count.min(1).max(500).default(200),
  })
  .superRefine((body, context) => {
    const need = (path: keyof BulkDecision, message: string): void => {
      if (body[path] === undefined) context.addIssue({ code: "custom", path: [path], message });
    };
    if (body.action === "move") need("to_queue_id", "is required to move; null moves out of every queue");
    if (body.preview) return;
    need("as_of", "is required: send what the preview said");
    need("expected", "is required: send what the preview said");
    if (body.action === "reject" || body.action === "skip") need("reason", `is required to ${body.action}`);
    if (body.action === "approve")
      for (const field of QUALITY_DIMENSIONS) need(field as QualityDimension, "is required to approve");
  });

export interface BulkResult {
  /** Examples that fit, before anything was done; counted up to 100,000. */
  matching: number;
  as_of: string;
  /** Examples done in this call. */
  done: number;
  /** Send the same again while it is above 0. */
  remaining: number;
  /** The first of those that fit, in a preview. */
  sample_ids: string[];
}

export const bulkResult: z.ZodType<BulkResult> = z.object({
  matching: count,
  as_of: timestamp,
  done: count,
  remaining: count,
  sample_ids: z.array(uuid),
});

export interface SecondLook {
  /** Examples to look at again, at most. */
  limit: number;
  /** Only say which. */
  preview: boolean;
}

export const secondLook: z.ZodType<SecondLook> = z.object({
  limit: count.min(1).max(200).default(20),
  preview: z.boolean().default(false),
});

/** An approved example whose output its neighbours do not have. */
export interface DoubtfulExample {
  learning_example_id: string;
  /** Probability of its own output and of the neighbours', when it does not vote itself. */
  own_probability: number;
  other_probability: number;
  other_output: string;
}

export interface SecondLookResult {
  queue_id: string;
  /** Approved examples that were compared: the newest 2,000 with an output that several have. */
  compared: number;
  outputs: number;
  /** Doubtful ones that there are. */
  doubtful: number;
  /** Those that went back into review, most doubtful first; in a preview those that would. */
  examples: DoubtfulExample[];
}

export const secondLookResult: z.ZodType<SecondLookResult> = z.object({
  queue_id: uuid,
  compared: count,
  outputs: count,
  doubtful: count,
  examples: z.array(
    z.object({
      learning_example_id: uuid,
      own_probability: z.number(),
      other_probability: z.number(),
      other_output: z.string(),
    }),
  ),
});

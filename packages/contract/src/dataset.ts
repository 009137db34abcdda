import { z } from "zod";
import { DATASET_SPLITS, type DatasetSplit } from "./dataset-split.ts";
import { agentReference, uuid } from "./identifiers.ts";
import { EXAMPLE_TYPES, type ExampleType } from "./learning-example.ts";
import { pageQuery, timestamp } from "./pagination.ts";
import { name, optionalText } from "./text.ts";

export const DATASET_STATUSES = ["draft", "frozen", "archived"] as const;
export type DatasetStatus = (typeof DATASET_STATUSES)[number];

/** Why a dataset replaces another: people of that were erased, or contributions to it turned out to be poisoned. */
export const SUPERSEDING_REASONS = ["erasure", "distrust"] as const;
export type SupersedingReason = (typeof SUPERSEDING_REASONS)[number];

export { DATASET_SPLITS, type DatasetSplit };

/** Wanted shares of the examples, 0 to 1, together 1. */
export type SplitShares = Record<DatasetSplit, number>;

/** Examples of one dataset at most: what finds near-duplicates and splits holds some hundred bytes of each in memory. */
export const MOST_DATASET_EXAMPLES = 1_000_000;

/** Which approved examples a dataset takes; what is left out does not restrict. */
export interface DatasetSelection {
  example_types?: ExampleType[] | undefined;
  domains?: string[] | undefined;
  task_types?: string[] | undefined;
  /** Examples with any of these. */
  tags?: string[] | undefined;
  /** Never below the agent's policy. */
  min_quality_score?: number | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
  /** The newest so many. */
  max_examples?: number | undefined;
}

const label = z.string().min(1).max(100);
const labels = z.array(label).min(1).max(100);

const selection: z.ZodType<DatasetSelection> = z.strictObject({
  example_types: z.array(z.enum(EXAMPLE_TYPES)).min(1).optional(),
  domains: labels.optional(),
  task_types: labels.optional(),
  tags: labels.optional(),
  min_quality_score: z.number().min(0).max(1).optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  created_before: z.iso.datetime({ offset: true }).optional(),
  max_examples: z.number().int().min(1).max(MOST_DATASET_EXAMPLES).optional(),
});

export interface CreateDataset {
  agent_id: string;
  name: string;
  description?: string | undefined;
  /** The next number after the name's last version unless given. */
  version?: string | undefined;
  selection: DatasetSelection;
  split: SplitShares;
}

const share = z.number().min(0).max(1);

export const createDataset: z.ZodType<CreateDataset> = z.object({
  agent_id: agentReference,
  name,
  description: optionalText.optional(),
  version: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/, "use up to 20 letters, digits, dots, dashes or underscores")
    .optional(),
  selection: selection.default({}),
  split: z
    .strictObject({ train: share, validation: share, test: share })
    .refine(({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9, {
      error: "the shares must add up to 1",
    })
    .default({ train: 0.8, validation: 0.1, test: 0.1 }),
});

/** A threshold that a dataset is held to before it is frozen. */
export interface DatasetGate {
  name: "examples" | "human_verified" | "doubly_annotated" | "agreement";
  required: number;
  /** null: there was nothing to measure. */
  actual: number | null;
  passed: boolean;
  /** What was found, and what to do when it is not enough. */
  message: string;
}

/** What there is to know about a dataset before training on it. */
export interface DatasetCard {
  counts: Record<ExampleType, number>;
  /** Examples with an expected output: what supervised training sees. */
  supervised_examples: number;
  splits: Record<DatasetSplit, { examples: number; groups: number }>;
  quality: { mean: number | null; tenths: number[] };
  verified: { examples: number; share: number | null; interval: [number, number] | null };
  /** Pairwise, on the decision, over the agent's doubly annotated examples of this selection, rejected ones included. */
  agreement: {
    examples: number;
    percent: number | null;
    /** Wilson, 95 %. */
    interval: [number, number] | null;
    /** Nominal; null when undefined. */
    krippendorff_alpha: number | null;
  };
  duplicates: { groups: number; examples: number };
  /** Left out because they resemble examples of two splits. */
  excluded: { examples: number; ids: string[] };
  contributors: {
    people: number;
    largest_share: number | null;
    /** Left out because one end user had more than the cap. */
    capped: number;
    /** Approved examples of the agent that a detector holds back until a reviewer decides. */
    held_back: number;
  };
  /** Against the agent's active regression cases; older cards have none. */
  contamination?:
    | {
        cases: number;
        /** Left out of train and validation: they share 12 words in a row with the input of a case, or are it. */
        removed: number;
        /** The first of them. */
        examples: { learning_example_id: string; case_id: string }[];
      }
    | undefined;
  /** What recognisers found in the items' texts; older cards have none. */
  privacy?:
    | {
        /** Examples with a finding, by kind and in all. */
        kinds: Record<string, number>;
        examples: number;
        /** The first of them. */
        ids: string[];
      }
    | undefined;
  gates: DatasetGate[];
  warnings: string[];
}

export interface Dataset {
  id: string;
  agent_id: string;
  name: string;
  description: string | null;
  version: string;
  agent_ids: string[];
  domains: string[];
  task_types: string[];
  total_examples: number;
  positive_examples: number;
  negative_examples: number;
  correction_examples: number;
  avg_quality_score: number | null;
  /** 0 to 100. */
  human_verified_percentage: number | null;
  status: DatasetStatus;
  selection: DatasetSelection;
  /** 0 to 1. */
  agreement: number | null;
  doubly_annotated: number;
  /** Root of the RFC 6962 Merkle tree over the items: the identity of the content. */
  content_hash: string | null;
  /** The dataset of the same name that it replaces; its lineage says why. */
  supersedes_id: string | null;
  /** Items that are empty, because their person was erased; the hash is that of what is left. */
  erased_items: number;
  /** The hash from before the first of them was. */
  original_content_hash: string | null;
  split_salt: string | null;
  split_counts: SplitShares;
  frozen_at: string | null;
  revision: number;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

export interface DatasetDetail extends Dataset {
  card: DatasetCard;
}

const count = z.number().int();
const splitCounts = z.object({ train: count, validation: count, test: count });

const datasetShape = {
  id: uuid,
  agent_id: uuid,
  name: z.string(),
  description: z.string().nullable(),
  version: z.string(),
  agent_ids: z.array(uuid),
  domains: z.array(z.string()),
  task_types: z.array(z.string()),
  total_examples: count,
  positive_examples: count,
  negative_examples: count,
  correction_examples: count,
  avg_quality_score: z.number().nullable(),
  human_verified_percentage: z.number().nullable(),
  status: z.enum(DATASET_STATUSES),
  selection,
  agreement: z.number().nullable(),
  doubly_annotated: count,
  content_hash: z.string().nullable(),
  supersedes_id: uuid.nullable(),
  erased_items: count,
  original_content_hash: z.string().nullable(),
  split_salt: z.string().nullable(),
  split_counts: splitCounts,
  frozen_at: timestamp.nullable(),
  revision: count,
  created_by: uuid.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
};

export const dataset: z.ZodType<Dataset> = z.object(datasetShape);

const split = z.object({ examples: count, groups: count });
const interval = z.tuple([z.number(), z.number()]).nullable();

const card: z.ZodType<DatasetCard> = z.object({
  counts: z.record(z.enum(EXAMPLE_TYPES), count),
  supervised_examples: count,
  splits: z.object({ train: split, validation: split, test: split }),
  quality: z.object({ mean: z.number().nullable(), tenths: z.array(count).length(10) }),
  verified: z.object({ examples: count, share: z.number().nullable(), interval }),
  agreement: z.object({
    examples: count,
    percent: z.number().nullable(),
    interval,
    krippendorff_alpha: z.number().nullable(),
  }),
  duplicates: z.object({ groups: count, examples: count }),
  excluded: z.object({ examples: count, ids: z.array(uuid) }),
  contributors: z.object({
    people: count,
    largest_share: z.number().nullable(),
    capped: count.default(0),
    held_back: count.default(0),
  }),
  contamination: z
    .object({
      cases: count,
      removed: count,
      examples: z.array(z.object({ learning_example_id: uuid, case_id: uuid })),
    })
    .optional(),
  privacy: z.object({ kinds: z.record(z.string(), count), examples: count, ids: z.array(uuid) }).optional(),
  gates: z.array(
    z.object({
      name: z.enum(["examples", "human_verified", "doubly_annotated", "agreement"]),
      required: z.number(),
      actual: z.number().nullable(),
      passed: z.boolean(),
      message: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
});

export const datasetDetail: z.ZodType<DatasetDetail> = z.object({ ...datasetShape, card });

export interface DatasetQuery {
  limit: number;
  cursor?: string | undefined;
  status?: DatasetStatus | undefined;
}

export const datasetQuery: z.ZodType<DatasetQuery> = pageQuery.extend({
  status: z.enum(DATASET_STATUSES).optional(),
});

export const EXPORT_FORMATS = ["jsonl", "chat", "preference", "kto", "sharegpt", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface DatasetExportQuery {
  format: ExportFormat;
  split?: DatasetSplit | undefined;
}

export const datasetExportQuery: z.ZodType<DatasetExportQuery> = z.object({
  format: z.enum(EXPORT_FORMATS).default("jsonl"),
  split: z.enum(DATASET_SPLITS).optional(),
});

export const DATASET_CHANGES = ["added", "removed", "changed", "moved"] as const;
export type DatasetChange = (typeof DATASET_CHANGES)[number];

export interface DatasetDiffQuery {
  /** The dataset to compare with: what it had is "before". */
  against: string;
  change?: DatasetChange | undefined;
  limit: number;
  cursor?: string | undefined;
}

export const datasetDiffQuery: z.ZodType<DatasetDiffQuery> = pageQuery.extend({
  against: uuid,
  change: z.enum(DATASET_CHANGES).optional(),
});

/** One example in which two datasets differ. */
export interface DatasetDifference {
  learning_example_id: string;
  /** `changed` = other content, `moved` = the same content in another split. */
  change: DatasetChange;
  split_before: DatasetSplit | null;
  split: DatasetSplit | null;
  input_text: string | null;
  expected_output_before: string | null;
  expected_output: string | null;
}

export interface DatasetDiff {
  counts: Record<DatasetChange | "unchanged", number>;
  /** By id of the example. */
  data: DatasetDifference[];
  next_cursor: string | null;
}

const datasetSplit = z.enum(DATASET_SPLITS).nullable();

export const datasetDiff: z.ZodType<DatasetDiff> = z.object({
  counts: z.object({ added: count, removed: count, changed: count, moved: count, unchanged: count }),
  data: z.array(
    z.object({
      learning_example_id: uuid,
      change: z.enum(DATASET_CHANGES),
      split_before: datasetSplit,
      split: datasetSplit,
      input_text: z.string().nullable(),
      expected_output_before: z.string().nullable(),
      expected_output: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

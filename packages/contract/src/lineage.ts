import { z } from "zod";
import {
  DATASET_SPLITS,
  DATASET_STATUSES,
  type DatasetSplit,
  type DatasetStatus,
  SUPERSEDING_REASONS,
  type SupersedingReason,
} from "./dataset.ts";
import { uuid } from "./identifiers.ts";
import { timestamp } from "./pagination.ts";

/** What was made of something, and what became of that. Each list holds the newest, at most 500. */
export interface Descendants {
  training_runs: {
    id: string;
    name: string;
    training_type: string;
    status: string;
    dataset_id: string;
    created_at: string;
  }[];
  /** Versions that those runs made. */
  versions: {
    id: string;
    number: number;
    training_run_id: string | null;
    review_status: string;
    /** When evidence that it was made of was erased. */
    evidence_erased_at: string | null;
    created_at: string;
  }[];
  experiments: {
    id: string;
    name: string;
    status: string;
    winner: string | null;
    treatment_version_id: string;
  }[];
  rollouts: { id: string; status: string; candidate_version_id: string; created_at: string }[];
  /** Versions of these that serve now, by environment. */
  serving: { version_id: string; environment: string }[];
  /** There is more than is shown. */
  is_truncated: boolean;
}

/** What a piece of feedback went into. */
export interface FeedbackLineage extends Descendants {
  feedback_id: string;
  examples: { id: string; example_type: string; review_status: string }[];
  datasets: { id: string; name: string; version: string; status: DatasetStatus; split: DatasetSplit }[];
  /** Cases that were pinned from it. */
  regression_cases: { id: string; is_active: boolean }[];
}

/** What a version was made of, and what became of it. */
export interface VersionLineage extends Pick<Descendants, "experiments" | "rollouts" | "serving"> {
  version_id: string;
  parent_version_id: string | null;
  evidence_erased_at: string | null;
  training_run: { id: string; name: string; status: string } | null;
  dataset: {
    id: string;
    name: string;
    version: string;
    status: DatasetStatus;
    content_hash: string | null;
    /** Items that are empty, because their person was erased. */
    erased_items: number;
    superseded_by: string | null;
  } | null;
  /** Examples that it learned from: of its dataset's training split, and its demonstrations. The first 500. */
  examples: {
    id: string;
    feedback_id: string | null;
    execution_id: string | null;
    via: "demonstration" | "dataset";
  }[];
  is_truncated: boolean;
}

const descendants = {
  training_runs: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      training_type: z.string(),
      status: z.string(),
      dataset_id: uuid,
      created_at: timestamp,
    }),
  ),
  versions: z.array(
    z.object({
      id: uuid,
      number: z.number().int(),
      training_run_id: uuid.nullable(),
      review_status: z.string(),
      evidence_erased_at: timestamp.nullable(),
      created_at: timestamp,
    }),
  ),
  experiments: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      status: z.string(),
      winner: z.string().nullable(),
      treatment_version_id: uuid,
    }),
  ),
  rollouts: z.array(
    z.object({ id: uuid, status: z.string(), candidate_version_id: uuid, created_at: timestamp }),
  ),
  serving: z.array(z.object({ version_id: uuid, environment: z.string() })),
  is_truncated: z.boolean(),
};

export const feedbackLineage: z.ZodType<FeedbackLineage> = z.object({
  feedback_id: uuid,
  examples: z.array(z.object({ id: uuid, example_type: z.string(), review_status: z.string() })),
  datasets: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      version: z.string(),
      status: z.enum(DATASET_STATUSES),
      split: z.enum(DATASET_SPLITS),
    }),
  ),
  regression_cases: z.array(z.object({ id: uuid, is_active: z.boolean() })),
  ...descendants,
});

export const versionLineage: z.ZodType<VersionLineage> = z.object({
  version_id: uuid,
  parent_version_id: uuid.nullable(),
  evidence_erased_at: timestamp.nullable(),
  training_run: z.object({ id: uuid, name: z.string(), status: z.string() }).nullable(),
  dataset: z
    .object({
      id: uuid,
      name: z.string(),
      version: z.string(),
      status: z.enum(DATASET_STATUSES),
      content_hash: z.string().nullable(),
      erased_items: z.number().int(),
      superseded_by: uuid.nullable(),
    })
    .nullable(),
  examples: z.array(
    z.object({
      id: uuid,
      feedback_id: uuid.nullable(),
      execution_id: uuid.nullable(),
      via: z.enum(["demonstration", "dataset"]),
    }),
  ),
  experiments: descendants.experiments,
  rollouts: descendants.rollouts,
  serving: descendants.serving,
  is_truncated: z.boolean(),
});

/** Where a dataset went: what was learned from it, and what became of that. */
export interface DatasetLineage extends Descendants {
  dataset_id: string;
  /** What it replaces, and why: people were erased from that, or a reviewer confirmed that contributions to it were poisoned. */
  supersedes: { dataset_id: string; version: string; reason: SupersedingReason; erased_items: number } | null;
  /** What replaces it; a draft where what is left misses the agent's thresholds. */
  superseded_by: {
    dataset_id: string;
    version: string;
    reason: SupersedingReason;
    status: DatasetStatus;
  } | null;
}

export const datasetLineage: z.ZodType<DatasetLineage> = z.object({
  dataset_id: uuid,
  supersedes: z
    .object({
      dataset_id: uuid,
      version: z.string(),
      reason: z.enum(SUPERSEDING_REASONS),
      erased_items: z.number().int(),
    })
    .nullable(),
  superseded_by: z
    .object({
      dataset_id: uuid,
      version: z.string(),
      reason: z.enum(SUPERSEDING_REASONS),
      status: z.enum(DATASET_STATUSES),
    })
    .nullable(),
  ...descendants,
});

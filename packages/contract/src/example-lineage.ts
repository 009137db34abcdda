import { z } from "zod";
import { annotation, type Annotation } from "./annotation.ts";
import { DATASET_SPLITS, DATASET_STATUSES, type DatasetSplit, type DatasetStatus } from "./dataset.ts";
import { uuid } from "./identifiers.ts";
import { learningExample, type LearningExample } from "./learning-example.ts";
import { timestamp } from "./pagination.ts";

/** Where an example came from and what it went into. */
export interface ExampleLineage {
  feedback: {
    id: string;
    feedback_type: string;
    rating: number | null;
    status: string;
    created_at: string;
  } | null;
  execution: {
    id: string;
    execution_id: string;
    version_id: string | null;
    session_id: string | null;
    created_at: string;
  } | null;
  /** Empty for whoever may still annotate the example: annotating is blind. */
  annotations: Annotation[];
  annotations_hidden: boolean;
  datasets: { id: string; name: string; version: string; status: DatasetStatus; split: DatasetSplit }[];
  /** Versions that carry it as a demonstration, or were learned from a dataset that holds it in its training split. */
  versions: {
    id: string;
    number: number;
    training_run_id: string | null;
    via: "demonstration" | "dataset";
  }[];
}

export interface LearningExampleDetail extends LearningExample {
  lineage: ExampleLineage;
}

const lineage: z.ZodType<ExampleLineage> = z.object({
  feedback: z
    .object({
      id: uuid,
      feedback_type: z.string(),
      rating: z.number().int().nullable(),
      status: z.string(),
      created_at: timestamp,
    })
    .nullable(),
  execution: z
    .object({
      id: uuid,
      execution_id: z.string(),
      version_id: uuid.nullable(),
      session_id: z.string().nullable(),
      created_at: timestamp,
    })
    .nullable(),
  annotations: z.array(annotation),
  annotations_hidden: z.boolean(),
  datasets: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      version: z.string(),
      status: z.enum(DATASET_STATUSES),
      split: z.enum(DATASET_SPLITS),
    }),
  ),
  versions: z.array(
    z.object({
      id: uuid,
      number: z.number().int(),
      training_run_id: uuid.nullable(),
      via: z.enum(["demonstration", "dataset"]),
    }),
  ),
});

export const learningExampleDetail: z.ZodType<LearningExampleDetail> = z.intersection(
  learningExample,
  z.object({ lineage }),
);

import type { DatasetDetail } from "../../api/types.ts";

/** A part of a dataset. */
export type DatasetSplit = keyof DatasetDetail["splitCounts"];

/** What a dataset is split into. */
export const DATASET_SPLITS: readonly DatasetSplit[] = ["train", "validation", "test"];

export const DATASET_SPLITS = ["train", "validation", "test"] as const;
export type DatasetSplit = (typeof DATASET_SPLITS)[number];

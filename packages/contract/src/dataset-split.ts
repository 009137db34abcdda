/** What a dataset is split into: to learn from, to choose by, to judge by. A file of its own, as examples and datasets both need it. */
export const DATASET_SPLITS = ["train", "validation", "test"] as const;
export type DatasetSplit = (typeof DATASET_SPLITS)[number];

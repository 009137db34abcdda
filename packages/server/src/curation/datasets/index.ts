export { archiveDataset } from "./archive-dataset.ts";
export { createDataset } from "./create-dataset.ts";
export { type DatasetItem, listDatasetItems, markExamplesUsed } from "./dataset-items.ts";
export { exportDataset, type DatasetExport } from "./export-dataset.ts";
export { freezeDataset } from "./freeze-dataset.ts";
export { NEAR_DUPLICATE_JACCARD, NearDuplicates } from "./near-duplicates.ts";
export { findNewestFrozenDataset, getDataset, listDatasets } from "./read-datasets.ts";
export { datasetRoutes } from "./routes.ts";

export { getDatasetLineage } from "./dataset-lineage.ts";
export { getFeedbackLineage } from "./feedback-lineage.ts";
export { getExample } from "./get-example.ts";
export { lineageRoutes } from "./routes.ts";
export { getVersionLineage } from "./version-lineage.ts";

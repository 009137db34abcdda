export { createRegressionCase } from "./create-case.ts";
export { pinnedCases } from "./pinned-cases.ts";
export { regressionRoutes } from "./routes.ts";
export { type CaseRow, countPinnedSince, readActiveCases, rememberStability } from "./store.ts";

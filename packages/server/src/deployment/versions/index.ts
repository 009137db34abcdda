export { diffVersions } from "./diff-versions.ts";
export { reviewVersion } from "./review-version.ts";
export { versionRoutes } from "./routes.ts";

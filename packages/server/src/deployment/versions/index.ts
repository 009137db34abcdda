export { diffVersions } from "./diff-versions.ts";
export { isOwnWork } from "./is-own-work.ts";
export { reviewVersion } from "./review-version.ts";
export { versionRoutes } from "./routes.ts";

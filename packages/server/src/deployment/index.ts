import type { Route } from "../http/index.ts";
import { findingsRoutes } from "./findings/index.ts";
import { metricSourceRoutes } from "./metric-sources/index.ts";
import { rolloutRoutes } from "./rollouts/index.ts";
import { servingRoutes } from "./serving/index.ts";
import { versionRoutes } from "./versions/index.ts";

/** Versions, what serves, and how versions are released. */
export const deploymentRoutes: readonly Route[] = [
  ...versionRoutes,
  ...servingRoutes,
  ...rolloutRoutes,
  ...metricSourceRoutes,
  ...findingsRoutes,
];

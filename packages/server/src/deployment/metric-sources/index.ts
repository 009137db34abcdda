export { readOutages } from "./read-outages.ts";
export { metricSourceRoutes } from "./routes.ts";

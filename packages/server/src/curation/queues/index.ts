export { addSpotChecks, type SpotCheckPair } from "./add-spot-checks.ts";
export { queueRoutes } from "./routes.ts";

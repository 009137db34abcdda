export { measureInfluence, readInfluenceData } from "./dataset-influence.ts";
export { reviewAgentContributions } from "./review-agent-contributions.ts";
export { trustRoutes } from "./routes.ts";

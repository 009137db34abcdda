export { findAgent } from "./find-agent.ts";
export { agentRoutes } from "./routes.ts";

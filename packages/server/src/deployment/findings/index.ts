export { findingsRoutes } from "./routes.ts";

export { getExample } from "./get-example.ts";
export { lineageRoutes } from "./routes.ts";

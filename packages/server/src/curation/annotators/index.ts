export { annotatorRoutes } from "./routes.ts";
export { readNames } from "./store.ts";

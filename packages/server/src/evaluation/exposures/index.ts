export { exposureObserver } from "./exposure-observer.ts";
export { exposureRoutes } from "./routes.ts";

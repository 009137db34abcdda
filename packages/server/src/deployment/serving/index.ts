export { getServing } from "./get-serving.ts";
export { moveServingPointer } from "./move-pointer.ts";
export { servingRoutes } from "./routes.ts";
export { stageVersion } from "./stage-version.ts";

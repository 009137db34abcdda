export { draftExperimentObserver } from "./create-draft-experiment.ts";
export { createExperiment } from "./create-experiment.ts";
export { monitorExperiment } from "./monitor-experiment.ts";
export { experimentRoutes } from "./routes.ts";
export { experimentSchedule } from "./schedule.ts";

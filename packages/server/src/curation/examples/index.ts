export { addExamples, type ExampleToAdd } from "./add-examples.ts";
export { createDemonstration } from "./create-demonstration.ts";
export { createPreference } from "./create-preference.ts";
export { createExample } from "./create-example.ts";
export { exampleOf, redactExample } from "./example-of.ts";
export { examplesFromEvidence } from "./examples-from-evidence.ts";
export { groupKeyOf } from "./group-key.ts";
export { type ApprovedExamplesInput, listApprovedExamples } from "./list-approved-examples.ts";
export { listExamples } from "./list-examples.ts";
export { nearestApprovedExamples, type NearExample } from "./nearest-approved-examples.ts";
export { presentExample } from "./present-example.ts";
export { retireTasks } from "./retire-tasks.ts";
export { exampleRoutes } from "./routes.ts";
export {
  type ExampleRow,
  lockExample,
  readExample,
  readExamplesByIds,
  settleExample,
  type Settlement,
} from "./store.ts";
export { updateExample } from "./update-example.ts";

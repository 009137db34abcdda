export { exposureObserver } from "./exposure-observer.ts";
export { exposureRoutes } from "./routes.ts";
export { addChanges, type SubjectSums, sumsOf, sumsOverStages } from "./subject-sums.ts";
export { inTestOrder } from "./test-order.ts";
export {
  type ClosedUnit,
  closeUnits,
  countClosed,
  foldUnits,
  selectOrderStatistic,
  type SumsChange,
} from "./unit-store.ts";

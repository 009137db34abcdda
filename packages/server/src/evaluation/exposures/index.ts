export { exposureObserver } from "./exposure-observer.ts";
export { exposureRoutes } from "./routes.ts";
export { type ClusteredSketch, clustersAt, toQuantileSketch } from "./clustered-sketch.ts";
export {
  addChanges,
  addMoments,
  type StoredMoments,
  type SubjectSums,
  sumsOf,
  sumsOverStages,
} from "./subject-sums.ts";
export { type CovariateSums, NO_MOMENTS, type UnitMoments } from "./unit-moments.ts";
export { inTestOrder } from "./test-order.ts";
export {
  type ClosedUnit,
  closeUnits,
  countClosed,
  foldUnits,
  selectOrderStatistic,
  type SumsChange,
} from "./unit-store.ts";

export { bumpServingRevision } from "./bump-serving-revision.ts";
export { servingChange } from "./changes.ts";
export {
  type ExperimentArm,
  experimentArms,
  sharesOf,
  type StoredAllocation,
  storedAllocation,
  type StoredPeriod,
} from "./experiment-arms.ts";
export { experimentSplit, rolloutSplit, slotSeed } from "./splits.ts";
export {
  findActiveSplit,
  findActiveSplits,
  lockServing,
  readServingPointer,
  readServingRevision,
} from "./store.ts";

export { bumpServingRevision } from "./bump-serving-revision.ts";
export { servingChange } from "./changes.ts";
export { experimentSplit, rolloutSplit } from "./splits.ts";
export { findActiveSplit, lockServing, readServingPointer, readServingRevision } from "./store.ts";

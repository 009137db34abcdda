export { canonicalJson, contentHash } from "./canonical-json.ts";
export { createVersion, type CreateVersionInput } from "./create-version.ts";
export { findVersion, requireVersion } from "./find-version.ts";
export { presentVersion, presentVersionSummary } from "./present-version.ts";
export { type ReviewQuestion, type ReviewReason, reviewReasons } from "./review-reasons.ts";
export {
  selectVersion,
  selectVersions,
  updateReview,
  type VersionRow,
  type VersionSummaryRow,
} from "./store.ts";

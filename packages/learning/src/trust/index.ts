export { contributorCap, type ContributorCaps, DEFAULT_CAPS } from "./cap-contributors.ts";
export { type Contribution, type Detector, DETECTORS, type Suspicion } from "./contribution.ts";
export { findBursts } from "./find-bursts.ts";
export { findContradictions } from "./find-contradictions.ts";
export {
  findLabelErrors,
  type LabelError,
  type LabelErrors,
  type LabelledExample,
} from "./find-label-errors.ts";
export { type InfluenceJudgement, type InfluencePolicy, judgeInfluence } from "./judge-influence.ts";
export {
  type CohortInfluence,
  type ContributedExample,
  type ContributorInfluence,
  type HeldOutExample,
  type InfluenceReport,
  leaveOneContributorOut,
  type LeftOut,
} from "./leave-one-out.ts";
export { type ContributionReview, reviewContributions, type ReviewOptions } from "./review-contributions.ts";
export { agreementMean, agreementPosterior, type GoldRecord, trustWeight } from "./trust-weight.ts";

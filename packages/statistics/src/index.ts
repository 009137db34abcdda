export { InvalidArgument } from "./invalid-argument.ts";

export {
  assignGrowthBookVariant,
  assignmentPosition,
  assignVariant,
  createAllocation,
  findRange,
  fnv32a,
  growthBookPosition,
  growthBookRanges,
  MAXIMUM_TOTAL_WEIGHT,
  murmur3,
  variantRanges,
  type Allocation,
  type VariantRange,
} from "./assignment/index.ts";

export { randomBinomial } from "./random/binomial.ts";
export { randomBeta, randomGamma } from "./random/gamma.ts";
export { randomInteger, shuffled } from "./random/integer.ts";
export { randomNormal } from "./random/normal.ts";
export type { RandomSource } from "./random/random-source.ts";
export { SeededRandom, type RandomState } from "./random/seeded-random.ts";

export {
  binomialTest,
  lnBinomialLowerTail,
  lnBinomialProbability,
  lnBinomialUpperTail,
  type BinomialTestInput,
} from "./special-functions/binomial.ts";
export { erf, erfc, lnErfc } from "./special-functions/erf.ts";
export { lnBetaTails } from "./special-functions/incomplete-beta.ts";
export { lnChiSquareTails, lnGammaTails, type LnTails } from "./special-functions/incomplete-gamma.ts";
export { lnBeta, lnGamma } from "./special-functions/ln-gamma.ts";
export { lnAdd, lnSum } from "./special-functions/logarithms.ts";
export { lnNormalCdf, normalCdf, normalDensity, normalQuantile } from "./special-functions/normal.ts";
export { lnStudentTails, studentQuantile } from "./special-functions/student.ts";

export { meanSummary, proportionSummary, ratioSummary, type ArmSummary } from "./units/arm-summary.ts";
export type { Alternative, IntervalEstimate } from "./units/estimate.ts";
export {
  addInverseShareUnit,
  inverseShareSummary,
  mergeInverseShareSums,
  NO_INVERSE_SHARE_UNITS,
  type InverseShareSums,
} from "./units/inverse-share.ts";
export { liftOf, type Lift, type LiftScale } from "./units/lift.ts";
export { combineStrata } from "./units/strata.ts";
export {
  addPairedUnit,
  addUnit,
  mergePairedUnitSums,
  mergeUnitSums,
  NO_PAIRED_UNITS,
  NO_UNITS,
  type PairedUnitSums,
  type UnitSums,
} from "./units/unit-sums.ts";

export {
  adjustedPrevalence,
  type AdjustedPrevalence,
  type AdjustedPrevalenceInput,
  type Count,
} from "./fixed/adjusted-prevalence.ts";
export { cupedLift, type CupedLift } from "./fixed/cuped.ts";
export {
  addRatioCovariateUnit,
  cupedRatioLift,
  mergeRatioCovariateSums,
  NO_RATIO_COVARIATE_UNITS,
  type RatioCovariateSums,
} from "./fixed/cuped-ratio.ts";
export { betaInterval } from "./fixed/beta-interval.ts";
export { expectedHoursLeft, forecastUnits, type ExpectedEndInput } from "./fixed/expected-end.ts";
export {
  exactAssociation,
  type AssociationStratum,
  type ExactAssociation,
} from "./fixed/exact-association.ts";
export { falseDiscoveryAdjusted } from "./fixed/false-discovery.ts";
export { holmAdjusted } from "./fixed/holm.ts";
export { mcNemarTest, type McNemarInput } from "./fixed/mcnemar.ts";
export { pairedRandomisation, type PairedRandomisationOptions } from "./fixed/paired-randomisation.ts";
export { pairedBootstrapLowerBound, type PairedBootstrapOptions } from "./fixed/paired-bootstrap.ts";
export { quantileSummary, sampleQuantile, type QuantileInput } from "./fixed/quantile.ts";
export {
  minimumDetectableDifference,
  powerOfOneLook,
  sampleSizeOfBothArms,
  sampleSizePerArm,
  sequentialSampleSizeOfBothArms,
  sequentialSampleSizePerArm,
  type SampleSizeInput,
} from "./fixed/sample-size.ts";
export { welchTest, type WelchOptions } from "./fixed/welch.ts";
export { wilsonInterval } from "./fixed/wilson.ts";

export {
  boundedMeanTest,
  type BoundedMeanOptions,
  type BoundedMeanState,
  type BoundedMeanTest,
} from "./sequential/bounded-mean.ts";
export {
  confidenceSequence,
  confidenceSequenceHalfWidth,
  confidenceSequenceRho,
  sequentialPValue,
  type ConfidenceSequenceEstimate,
  type ConfidenceSequenceOptions,
  type HalfWidthInput,
} from "./sequential/confidence-sequence.ts";
export {
  errorComparisonTest,
  type ErrorComparisonOptions,
  type ErrorComparisonState,
  type ErrorComparisonTest,
} from "./sequential/error-comparison.ts";
export {
  errorRateTest,
  type ErrorRateOptions,
  type ErrorRateState,
  type ErrorRateTest,
} from "./sequential/error-rate.ts";
export {
  bettingInterval,
  lnHedgedMartingale,
  type BettingIntervalOptions,
} from "./sequential/hedged-betting.ts";
export {
  latencyTest,
  type LatencyOptions,
  type LatencyRefresh,
  type LatencyState,
  type LatencyTest,
} from "./sequential/latency.ts";
export { normalMixtureBound, type NormalMixtureInput } from "./sequential/normal-mixture.ts";
export { upperOrderStatisticRank } from "./sequential/order-statistic.ts";
export {
  satisfactionTest,
  type SatisfactionOptions,
  type SatisfactionState,
  type SatisfactionTest,
} from "./sequential/satisfaction.ts";

export {
  LN_SAMPLE_RATIO_ALARM,
  lnSampleRatioBayesFactor,
  sampleRatioTest,
  type SampleRatioInput,
  type SampleRatioResult,
} from "./health/sample-ratio.ts";
export { lnSampleRatioOverPeriods, sampleRatioTestOverPeriods } from "./health/sample-ratio-periods.ts";
export { observeExposure, startSampleRatio, type SampleRatioState } from "./health/sample-ratio-monitor.ts";

export {
  lnProbabilitiesOfBest,
  topTwoThompsonShares,
  wholeWeights,
  type ArmBelief,
  type TopTwoOptions,
} from "./bandit/top-two-thompson.ts";

export { posteriorOf, type Posterior, type PosteriorOptions } from "./bayes/posterior.ts";

export { alphaInterval, type AlphaInterval, type AlphaIntervalOptions } from "./agreement/alpha-interval.ts";
export type { CategoryCounts } from "./agreement/category-counts.ts";
export { cohenKappa, percentAgreement, type KappaWeights } from "./agreement/cohen.ts";
export { confusionTable, type ConfusionTable } from "./agreement/confusion-table.ts";
export {
  dawidSkene,
  type DawidSkeneOptions,
  type DawidSkeneResult,
  type Judgement,
} from "./agreement/dawid-skene.ts";
export { fleissKappa } from "./agreement/fleiss.ts";
export { gwetAC1 } from "./agreement/gwet.ts";
export { intraclassCorrelations, type IntraclassCorrelations } from "./agreement/intraclass.ts";
export { krippendorffAlpha, type MeasurementLevel } from "./agreement/krippendorff.ts";

export { attemptAlpha } from "./spending/attempt-alpha.ts";

export {
  addToSketch,
  emptySketch,
  mergeSketches,
  SKETCH_ACCURACY,
  sketchReader,
  type QuantileSketch,
} from "./sketch/quantile-sketch.ts";

export { bradleyTerry, type BradleyTerryOptions } from "./ranking/bradley-terry.ts";

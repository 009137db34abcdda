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
export { binomialTest, type BinomialTestInput } from "./special-functions/binomial.ts";

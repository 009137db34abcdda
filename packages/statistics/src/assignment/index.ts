export { InvalidArgument } from "../invalid-argument.ts";
export {
  assignmentPosition,
  assignVariant,
  createAllocation,
  MAXIMUM_TOTAL_WEIGHT,
  type Allocation,
} from "./assign-variant.ts";
export { assignGrowthBookVariant, fnv32a, growthBookPosition, growthBookRanges } from "./growthbook.ts";
export { murmur3 } from "./murmur3.ts";
export { findRange, variantRanges, type VariantRange } from "./variant-ranges.ts";

import type * as wire from "@agent-learning/contract";
import type { CamelCased } from "../../client/case.ts";

export type ClaimedAnnotation = CamelCased<wire.ClaimedAnnotation>;
export type LearningExample = CamelCased<wire.LearningExample>;
export type { Comparison, Decision, QualityDimension } from "@agent-learning/contract";

/** Which tasks a person wants; what is left out does not restrict. */
export type DeskFilter = Partial<Omit<CamelCased<wire.ClaimAnnotation>, "leaseSeconds">>;

export { assessSafety, type SafetyEvidence, type SafetyReport } from "./assess-safety.ts";
export { findToxicity, type ToxicityFinding, type ToxicityKind } from "./find-toxicity.ts";
export { isRefusal } from "./is-refusal.ts";
export { SAFETY_PROBES, type SafetyProbe } from "./probes.ts";
export {
  SAFETY_CHECKS,
  type SafetyAnswer,
  type SafetyCheck,
  type SafetyCheckName,
  type SafetyFinding,
  type SafetyPolicy,
} from "./safety-report.ts";

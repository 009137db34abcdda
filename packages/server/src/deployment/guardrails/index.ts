export { armProblems } from "./compare-arms.ts";
export { brokenGuardrail } from "./broken-guardrail.ts";
export { assessGuardrails } from "./assess-guardrails.ts";
export { lookAtDrop } from "./assess-drop.ts";
export type { Assessment } from "./assessment.ts";
export {
  createGuardrailTests,
  type GuardrailState,
  type GuardrailTests,
  type RiseState,
  startGuardrails,
} from "./guardrail-state.ts";
export { observeUnit, observeUnits, percentileRank, type UnitObservation } from "./observe-units.ts";
export { forgetSilence, hear, startSilence } from "./silence.ts";
export { type WatchedGuardrail, watchedGuardrails } from "./watched-guardrails.ts";

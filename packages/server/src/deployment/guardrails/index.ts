export { armProblems } from "./compare-arms.ts";
export { assessGuardrails } from "./assess-guardrails.ts";
export { lookAtSatisfaction } from "./assess-satisfaction.ts";
export type { Assessment } from "./assessment.ts";
export {
  createGuardrailTests,
  type GuardrailState,
  type GuardrailTests,
  startGuardrails,
} from "./guardrail-state.ts";
export { observeUnits, percentileRank, type UnitObservation } from "./observe-units.ts";
export { forgetSilence, hear } from "./silence.ts";

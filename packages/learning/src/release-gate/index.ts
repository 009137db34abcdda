export type { AgentAnswer } from "../regression/case-evaluator.ts";
export { createCaseEvaluator } from "../regression/case-evaluator.ts";
export type { CaseResult, CaseStatus } from "../regression/classify-case.ts";
export type {
  PairedTest,
  RegressionPolicy,
  RegressionReport,
  SliceResult,
} from "../regression/judge-regression.ts";
export type { CaseMeasure, RegressionCase } from "../regression/regression-case.ts";
export type { GateAnswerer, GateSide, PendingAnswer, RecordedAnswer } from "./collect-answers.ts";
export { type GateChecks, type GateQuestion, gateQuestions } from "./questions.ts";
export {
  type ReleaseGateOptions,
  type ReleaseGateReport,
  type ReleaseGateResult,
  type ReleaseVerdict,
  runReleaseGate,
} from "./run-release-gate.ts";

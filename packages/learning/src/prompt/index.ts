export { type Candidate, candidateHash, type Demonstration, type PlaybookRule } from "./candidate.ts";
export {
  createDemonstrationsAgentCache,
  type DemonstrationsAgentCache,
} from "./demonstrations-agent/agent-cache.ts";
export type { Neighbour } from "./demonstrations-agent/cast-votes.ts";
export {
  type AnswerOptions,
  createDemonstrationsAgent,
  DEFAULT_NEIGHBOURS,
  type DemonstrationsAgent,
  type DemonstrationsAnswer,
} from "./demonstrations-agent/create-demonstrations-agent.ts";
export { estimatePromptTokens, estimateTokens } from "./estimate-tokens.ts";
export { type CachedEvaluation, type EvaluatedRow, EvaluationCache } from "./evaluation-cache.ts";
export type { Evaluation, Evaluator, EvaluatorInput } from "./evaluators/evaluator.ts";
export { exact } from "./evaluators/exact.ts";
export {
  type Goal,
  type GoalSetup,
  type Objective,
  type ResolvedGoals,
  resolveGoals,
  type UnmeasuredGoal,
} from "./evaluators/goals.ts";
export { jsonFields, type JsonFieldsOptions } from "./evaluators/json-fields.ts";
export { normalised } from "./evaluators/normalised.ts";
export { numeric, type NumericTolerance } from "./evaluators/numeric.ts";
export { regex, type RegexOptions } from "./evaluators/regex.ts";
export {
  type Budget,
  BudgetExhausted,
  Ledger,
  type LedgerSnapshot,
  type Reservation,
  type Role,
  ROLES,
  type RoleTotals,
  type Usage,
} from "./ledger.ts";
export { quoteAsData } from "./quote-as-data.ts";
export { DEFAULT_NEAREST, renderPrompt, type RenderOptions, selectsNearest } from "./render-prompt.ts";
export { type Contradiction, type DistinctRows, distinctRows, inputKey, type Row } from "./rows.ts";

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
export {
  type Evaluation,
  type Evaluator,
  type EvaluatorInput,
  EvaluatorUnavailable,
} from "./evaluators/evaluator.ts";
export {
  cosine,
  embeddingSimilarity,
  type EmbeddingSimilarityOptions,
} from "./evaluators/embedding-similarity.ts";
export { exact } from "./evaluators/exact.ts";
export {
  type Goal,
  goalName,
  type GoalSetup,
  type Objective,
  type ResolvedGoals,
  resolveGoals,
  type UnmeasuredGoal,
} from "./evaluators/goals.ts";
export { jsonFields, type JsonFieldsOptions } from "./evaluators/json-fields.ts";
export { jsonSchema, type JsonSchemaOptions } from "./evaluators/json-schema.ts";
export { normalised } from "./evaluators/normalised.ts";
export { numeric, type NumericTolerance } from "./evaluators/numeric.ts";
export { type AskScorer, remote, type RemoteOptions } from "./evaluators/remote.ts";
export { rememberScores } from "./evaluators/remember-scores.ts";
export { regex, type RegexOptions } from "./evaluators/regex.ts";
export {
  type Budget,
  BudgetExhausted,
  Ledger,
  type LedgerSnapshot,
  type Reservation,
  type CallRole,
  CALL_ROLES,
  type RoleTotals,
  type Usage,
} from "./ledger.ts";
export { quoteAsData } from "./quote-as-data.ts";
export { DEFAULT_NEAREST, renderPrompt, type RenderOptions, selectsNearest } from "./render-prompt.ts";
export { type Contradiction, type DistinctRows, distinctRows, inputKey, type Row } from "./rows.ts";
export { answerWithModel, type ModelAnswer, type ModelQuestion } from "./answer-with-model.ts";
export { CompletionJournal, type JournalEntry } from "./completion-journal.ts";
export { journaledModel, type JournaledModelOptions } from "./journaled-model.ts";
export { createRowEvaluator, type RowEvaluator, type RowEvaluatorTools } from "./evaluate-rows.ts";
export { gate, type GateInput, type GateReport, type GateVerdict, type PinnedResult } from "./gate/gate.ts";
export { type PairedComparison, pairedComparison, type PairedScore } from "./gate/paired-comparison.ts";
export type { GainProof } from "./gate/prove-gain.ts";
export {
  type FinalistReport,
  type GateResult,
  type GateRow,
  runGate,
  type RunGateOptions,
} from "./gate/run-gate.ts";
export type { GateCheck } from "./gate/structural-checks.ts";
export { DEFAULT_TOKEN_LIMITS, type TokenLimits } from "./gate/token-growth.ts";
export {
  type Correction,
  type CorrectionChange,
  incorporateCorrection,
  type IncorporatedCorrection,
} from "./playbook/incorporate-correction.ts";
export { ModelUnavailable } from "./model-unavailable.ts";
export { demonstrationSearch } from "./optimizers/demonstration-search/demonstration-search.ts";
export { OPTIMIZERS } from "./optimizers/driver.ts";
export { jointSearch } from "./optimizers/joint-search/joint-search.ts";
export { playbookRules } from "./optimizers/playbook-rules/playbook-rules.ts";
export { reflectiveEvolution } from "./optimizers/reflective-evolution/reflective-evolution.ts";
export type { OptimizationResult, TrialSummary } from "./optimizers/optimization-result.ts";
export {
  type OptimizationProgress,
  type OptimizationRun,
  type OptimizationSnapshot,
  optimizePrompt,
  type OptimizePromptOptions,
} from "./optimizers/optimize-prompt.ts";
export type {
  OptimizationTask,
  Optimizer,
  OptimizerProgress,
  OptimizerResult,
  OptimizerTools,
  StopReason,
} from "./optimizers/optimizer.ts";
export { selectBest, type Selection } from "./optimizers/select-best.ts";
export { type ShrunkScore, shrinkScores } from "./optimizers/shrink-scores.ts";
export { type Family, type Trial, TrialBook } from "./optimizers/trial-book.ts";
export { countEvidence, isRetired, probabilityOfHarm, type RuleEvidence } from "./playbook/weigh-rule.ts";
export { type DuelOptions, type DuelWins, nextDuel, winnerProbabilities } from "./duel/double-thompson.ts";
export {
  type CompareCandidates,
  type DuelSelection,
  type DuelSelectionOptions,
  selectByDuels,
} from "./duel/select-by-duels.ts";
export {
  type AnswerAs,
  createCandidateAnswers,
  duelCandidates,
  type DuelCandidatesOptions,
} from "./duel/duel-candidates.ts";
export {
  type AnswerPair,
  type ComparePair,
  measurePairwiseJudge,
  type PairwiseCalibration,
  pairwiseJudge,
  type PairwiseJudgeOptions,
  type PreferredPair,
} from "./judge/pairwise-judge.ts";
export { parseProposal } from "./optimizers/reflective-evolution/parse-proposal.ts";
export { proposalPrompt } from "./optimizers/reflective-evolution/proposal-prompt.ts";
export {
  calibrateJudge,
  correctedScore,
  type JudgeCalibration,
  type JudgedPair,
} from "./judge/calibrate-judge.ts";
export { type LabelledAnswer, measureJudge, type MeasureJudgeOptions } from "./judge/measure-judge.ts";
export type { JudgeVerdict, Rubric } from "./judge/judge-prompt.ts";
export { rubricJudge, type RubricJudgeOptions } from "./judge/rubric-judge.ts";
export {
  generateStructured,
  NoStructuredOutput,
  type StructuredOptions,
  type StructuredRequest,
} from "./structured/generate-structured.ts";
export { type JsonSchema, type SchemaViolation } from "./structured/json-schema.ts";
export { schemaFault } from "./structured/schema-fault.ts";
export { schemaViolations } from "./structured/schema-violations.ts";

export {
  type CandidateComparison,
  type CandidateStrength,
  candidateStrengths,
} from "./candidate-strengths.ts";
export {
  type ClosedPatternOptions,
  type ClosedPatterns,
  closedPatterns,
  containsPattern,
  type SequentialPattern,
} from "./closed-patterns.ts";
export {
  type ComparedPattern,
  type Departure,
  type DepartureOptions,
  type Departures,
  findDepartures,
} from "./departures.ts";
export {
  type DirectlyFollowsGraph,
  directlyFollowsGraph,
  replayFitness,
  type ToolEdge,
  type ToolNode,
} from "./directly-follows.ts";
export { judgeRules, type RuleJudgement, type RuleTrial } from "./judge-rules.ts";
export { learnBehavior, type LearnBehaviorOptions, type LearnedBehavior } from "./learn-behavior.ts";
export {
  compareNextTool,
  type NextToolComparison,
  type NextToolModel,
  trainNextToolModel,
} from "./next-tool-model.ts";
export { ANSWER_FEATURES, answerFeatures } from "./answer-features.ts";
export {
  comparePreferred,
  type JudgedAnswerPair,
  LEAST_JUDGEMENTS,
  type LearnedPreferences,
  learnPreferences,
  type PreferredShare,
} from "./learn-preferences.ts";
export { fitPreferenceModel, type JudgedAnswers, type PreferenceModel } from "./preference-model.ts";
export { BEHAVIOR_RULE, type ProposedRule, proposeRules } from "./propose-rules.ts";
export { isToolName, type ToolCall, toolsOf, type Trace, withoutContributor } from "./trace.ts";

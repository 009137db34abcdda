export { type Application, composeServer, composeServices, startApplication } from "./compose.ts";
export { type Config, ConfigError, readConfig } from "./config.ts";
export {
  type AnnotationQueueFilter,
  type AnnotationSubmission,
  FeedbackCollector,
  type FeedbackSubmission,
} from "./feedback-collector.ts";
export {
  type EvaluatedVariant,
  type LearningExampleInput,
  type OptimizationRequest,
  PromptOptimizer,
} from "./prompt-optimizer.ts";

export {
  BehaviorLearner,
  type CorrectionInput,
  type DemonstrationInput,
  type TrainingDatasetRequest,
} from "./behavior-learner.ts";
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
export { RAGTrainer, type RetrievalFeedback, type RetrievalTraining } from "./rag-trainer.ts";

"use client";

// Every read and write of the API is there too: export what you use.
export {
  LearningProvider,
  useAnnotationQueue,
  useAnnotationStats,
  useDatasets,
  useExperiments,
  useLearningStats,
  useOptimizePrompt,
  useRollouts,
  useSubmitAnnotation,
  useTrainingRuns,
} from "@agent-learning/react/query";

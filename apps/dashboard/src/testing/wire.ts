/** Answers of the API as tests read them. */
export type {
  Annotation,
  Experiment,
  Feedback,
  LearningExample,
  Rollout,
  RolloutDetails,
} from "@agent-learning/contract";

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

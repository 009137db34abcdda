import type {
  AnnotationQueueItem,
  CommonIssues,
  Dimensions,
  FeedbackStatistics,
  FeedbackType,
  ImplicitSignal,
  JsonValue,
  SubmittedAnnotation,
} from "@agent-learning/contract";
import {
  annotationQueueQuery,
  statisticsQuery,
  submitAnnotation as submitAnnotationSchema,
  submitFeedback as submitFeedbackSchema,
} from "@agent-learning/contract";
import { getCommonIssues, getFeedbackStatistics, submitFeedback } from "./collection/index.ts";
import type { Context } from "./context.ts";
import { listAnnotationQueue, submitAnnotation } from "./curation/annotations/index.ts";
import { parseInput } from "./http/parse-input.ts";

/** What a person says of one execution. Null and left out mean the same. */
export interface FeedbackSubmission {
  executionId: string;
  /** The agent's UUID or slug. */
  agentId: string;
  /** The caller's own id of the rater. */
  userId: string;
  feedbackType: FeedbackType;
  /** 1 to 5. */
  rating?: number | null;
  feedbackText?: string | null;
  correctionText?: string | null;
  issueCategories?: string[] | null;
  /** 1 to 5 each. */
  dimensions?: Dimensions | null;
  signal?: ImplicitSignal | null;
  metadata?: Record<string, JsonValue> | null;
}

/** Which examples wait for a person's judgement. */
export interface AnnotationQueueFilter {
  agentId?: string;
  limit?: number;
  cursor?: string;
}

/** A person's judgement of a learning example. Dimensions are 0 to 1. */
export interface AnnotationSubmission {
  learningExampleId: string;
  decision: "approve" | "reject";
  technicalAccuracy?: number;
  professionalQuality?: number;
  completeness?: number;
  clarity?: number;
  correctedOutput?: string;
  notes?: string;
  improvementSuggestions?: string;
}

/**
 * Collects feedback and leads what came of it to the people who judge it: the guide's `FeedbackCollector`, in one
 * organization and as one actor. Input is checked as it is at the API's door.
 */
export class FeedbackCollector {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Stores feedback, or holds it until its execution arrives; resolves after the commit.
   * @returns its id; a rater's second vote on an execution amends the first, under the same id
   * @throws ProblemError malformed-request or unprocessable, naming the field
   */
  async submitFeedback(submission: FeedbackSubmission): Promise<string> {
    const input = parseInput(
      submitFeedbackSchema,
      {
        execution_id: submission.executionId,
        agent_id: submission.agentId,
        user_id: submission.userId,
        feedback_type: submission.feedbackType,
        rating: submission.rating,
        feedback_text: submission.feedbackText,
        correction_text: submission.correctionText,
        issue_categories: submission.issueCategories,
        dimensions: submission.dimensions,
        signal: submission.signal,
        metadata: submission.metadata,
      },
      "body",
    );
    return (await submitFeedback(this.#context, input)).body.id;
  }

  /** What was said of an agent in the last days, today included. */
  async getFeedbackStats(agentId: string, period: { days?: number } = {}): Promise<FeedbackStatistics> {
    const { days } = parseInput(statisticsQuery, period, "query");
    return this.#context.transact((ctx) => getFeedbackStatistics({ ctx, input: { agent: agentId, days } }));
  }

  /** Which issues people name most, and whether more than in as many days before. */
  async getCommonIssues(agentId: string, period: { days?: number } = {}): Promise<CommonIssues> {
    const { days } = parseInput(statisticsQuery, period, "query");
    return this.#context.transact((ctx) => getCommonIssues({ ctx, input: { agent: agentId, days } }));
  }

  /** Examples that wait for a person's judgement, in the order in which they are handed out. */
  async getAnnotationQueue(
    filter: AnnotationQueueFilter = {},
  ): Promise<{ data: AnnotationQueueItem[]; next_cursor: string | null }> {
    const input = parseInput(
      annotationQueueQuery,
      { agent_id: filter.agentId, limit: filter.limit, cursor: filter.cursor },
      "query",
    );
    return this.#context.transact((ctx) => listAnnotationQueue({ ctx, input }));
  }

  /**
   * Stores a judgement; the context's actor is the person who judges.
   * @throws ProblemError forbidden for the person's own contribution, conflict when it was judged already
   */
  async submitAnnotation(annotation: AnnotationSubmission): Promise<SubmittedAnnotation> {
    const input = parseInput(
      submitAnnotationSchema,
      {
        learning_example_id: annotation.learningExampleId,
        decision: annotation.decision,
        technical_accuracy: annotation.technicalAccuracy,
        professional_quality: annotation.professionalQuality,
        completeness: annotation.completeness,
        clarity: annotation.clarity,
        corrected_output: annotation.correctedOutput,
        notes: annotation.notes,
        improvement_suggestions: annotation.improvementSuggestions,
      },
      "body",
    );
    return this.#context.transact((ctx) => submitAnnotation({ ctx, input }));
  }
}

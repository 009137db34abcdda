import type { SubmitFeedback, TrainingRun } from "@agent-learning/contract";
import { submitFeedback } from "./collection/index.ts";
import type { Context } from "./context.ts";
import { submitFeedback as submitFeedbackSchema } from "@agent-learning/contract";
import { parseInput } from "./http/parse-input.ts";
import { collectEmbeddingPairs, createTrainingRun, type EmbeddingPair } from "./learning/index.ts";

/** What a person said of the chunks that an answer was made from. */
export interface RetrievalFeedback {
  /** The execution whose retrieval it is about: our id or the caller's. */
  executionId: string;
  /** The caller's id of the rater. */
  userId: string;
  /** The vote on the whole answer; without it, the marks alone. */
  helpful?: boolean;
  marks?: readonly { chunkId: string; relevant: boolean }[];
}

/** What a run learns from. */
export interface RetrievalTraining {
  /** The agent's UUID or slug. */
  agentId: string;
  /** Evidence of the last so many days; 180 unless given. */
  days?: number;
  /** Share of the judged queries, the latest, that the gate decides by; 0.25 unless given. */
  heldOut?: number;
  seed?: number;
}

/**
 * Learns what to retrieve: the guide's façade over the verbs that the API runs, in one organization and as one actor. Nothing that it
 * learns serves before the gate, and every run can be watched and stopped like any training run.
 */
export class RAGTrainer {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Takes in a batch of feedback on retrievals, then starts a run that learns a ranking from all evidence so far.
   * @throws ProblemError naming the field; feedback before it in the batch is kept
   */
  async trainFromFeedback(
    training: RetrievalTraining,
    feedbackBatch: readonly RetrievalFeedback[] = [],
  ): Promise<TrainingRun> {
    for (const feedback of feedbackBatch) await this.#submit(training.agentId, feedback);
    return this.#start("ranking", "Learn to rank", training);
  }

  /** Starts a run that brings the chunks' relevance in the served artifact up to date; memory and ranker stay. */
  async updateChunkRelevance(training: RetrievalTraining): Promise<TrainingRun> {
    return this.#start("chunk_relevance", "Update the chunks' relevance", training);
  }

  /** Starts a run that learns what users' words are called in the documents that are indexed here. */
  async learnQueryExpansion(training: RetrievalTraining): Promise<TrainingRun> {
    return this.#start("query_expansion", "Learn what to add to queries", training);
  }

  /** Starts a run that learns to move queries' embeddings towards the chunks that answered them; needs documents that are embedded here. */
  async learnQueryAdapter(training: RetrievalTraining): Promise<TrainingRun> {
    return this.#start("adapter", "Learn to move queries", training);
  }

  /**
   * Starts a run that learns from passages (`metadata.passages` of feedback) how long the chunks of the documents that are indexed here are
   * best, and builds an index of such chunks beside the live one.
   * @throws ProblemError conflict while another run does so
   */
  async optimizeChunking(
    training: RetrievalTraining & {
      /** The field of documents' metadata whose values are groups to be cut in a way of their own; `group` unless given. */
      groupBy?: string;
    },
  ): Promise<TrainingRun> {
    const { groupBy, ...rest } = training;
    return this.#start(
      "chunking",
      "Learn how to cut documents",
      rest,
      groupBy === undefined ? {} : { group_by: groupBy },
    );
  }

  /** Queries with a relevant chunk and hard negatives, newest first, to train an embedder elsewhere. */
  async collectEmbeddingTrainingData(request: {
    agentId: string;
    days?: number;
    /** Retrievals at most. */
    limit?: number;
  }): Promise<AsyncGenerator<EmbeddingPair>> {
    const { agentId: agent, days = 180, limit = 100_000 } = request;
    return collectEmbeddingPairs({ ctx: this.#ctx, input: { agent, days, limit } });
  }

  async #start(
    method: string,
    name: string,
    training: RetrievalTraining,
    more: Record<string, string> = {},
  ): Promise<TrainingRun> {
    const { agentId, days, heldOut, seed } = training;
    const config = {
      method,
      ...more,
      ...(days === undefined ? {} : { days }),
      ...(heldOut === undefined ? {} : { held_out: heldOut }),
      ...(seed === undefined ? {} : { seed }),
    };
    return this.#ctx.transact((ctx) =>
      createTrainingRun({
        ctx,
        input: { name: `${name}: ${agentId}`, agent_id: agentId, training_type: "rag_training", config },
      }),
    );
  }

  async #submit(
    agentId: string,
    { executionId, userId, helpful, marks = [] }: RetrievalFeedback,
  ): Promise<void> {
    const type = helpful === undefined ? "comment" : helpful ? "thumbs_up" : "thumbs_down";
    const feedback: SubmitFeedback = {
      agent_id: agentId,
      execution_id: executionId,
      user_id: userId,
      feedback_type: type,
      ...(helpful === undefined ? { feedback_text: "Marks on retrieved chunks." } : {}),
      metadata: { chunk_marks: marks.map(({ chunkId, relevant }) => ({ chunk_id: chunkId, relevant })) },
    };
    await submitFeedback(this.#ctx, parseInput(submitFeedbackSchema, feedback, "body"));
  }
}

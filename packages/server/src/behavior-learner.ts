import {
  type BehaviorPatterns,
  behaviorPatternsQuery,
  createDataset as createDatasetSchema,
  createDemonstration as createDemonstrationSchema,
  createLearningExample,
  type DatasetDetail,
  type DatasetSelection,
  type ExampleType,
  type JsonValue,
  type LearningExample,
  type SplitShares,
} from "@agent-learning/contract";
import { z } from "zod";
import type { Context } from "./context.ts";
import { createDataset, freezeDataset } from "./curation/datasets/index.ts";
import {
  createDemonstration,
  createExample,
  listApprovedExamples,
  nearestApprovedExamples,
  type NearExample,
} from "./curation/examples/index.ts";
import { parseInput } from "./http/parse-input.ts";
import { extractPatterns } from "./learning/index.ts";

const nearQuery = z.object({ near: z.string().min(1).max(20_000), limit: z.number().int().min(1).max(100) });

/** How an expert does it. */
export interface DemonstrationInput {
  /** The agent's UUID or slug. */
  agentId: string;
  input: string;
  output: string;
  steps?: readonly {
    action: string;
    /** The tool that was called: behaviour learning goes by it. */
    tool?: string;
    arguments?: Record<string, JsonValue>;
    failed?: boolean;
    durationMs?: number;
    observation?: string;
    rationale?: string;
  }[];
  rationale?: string;
  domain?: string;
  taskType?: string;
}

/** What an agent said and what it should have said. */
export interface CorrectionInput {
  agentId: string;
  input: string;
  originalOutput: string;
  correctedOutput: string;
  /** What was wrong with it. */
  critique?: string;
  /** The execution that it corrects: our id or the caller's. */
  executionId?: string;
}

/** Which approved examples a dataset takes. */
export interface TrainingDatasetRequest {
  agentId: string;
  name: string;
  description?: string;
  /** The next number after the name's last version unless given. */
  version?: string;
  /** Never below the agent's policy. */
  minQuality?: number;
  exampleTypes?: readonly ExampleType[];
  domains?: readonly string[];
  taskTypes?: readonly string[];
  tags?: readonly string[];
  /** The newest so many. */
  maxExamples?: number;
  /** 0.8, 0.1, 0.1 unless given. */
  split?: SplitShares;
  /** Hold it to the agent's thresholds and fix it for good; otherwise it stays a draft. */
  freeze?: boolean;
}

/**
 * Learns from experts: the guide's `BehaviorLearner`, in one organization and as one actor. Everything it takes in waits for a
 * person's judgement, and everything it gives out has had one. Input is checked as it is at the API's door.
 */
export class BehaviorLearner {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Stores a demonstration as a pending example. @throws ProblemError naming the field */
  async learnFromDemonstration(demonstration: DemonstrationInput): Promise<LearningExample> {
    const input = parseInput(
      createDemonstrationSchema,
      {
        agent_id: demonstration.agentId,
        input: demonstration.input,
        output: demonstration.output,
        steps: demonstration.steps?.map(({ durationMs, ...step }) => ({ ...step, duration_ms: durationMs })),
        rationale: demonstration.rationale,
        domain: demonstration.domain,
        task_type: demonstration.taskType,
      },
      "body",
    );
    return this.#context.transact((ctx) => createDemonstration({ ctx, input }));
  }

  /** Stores a correction as a pending example. @throws ProblemError naming the field */
  async learnFromCorrection(correction: CorrectionInput): Promise<LearningExample> {
    const input = parseInput(
      createLearningExample,
      {
        agent_id: correction.agentId,
        example_type: "correction",
        input_text: correction.input,
        original_output: correction.originalOutput,
        expected_output: correction.correctedOutput,
        ...(correction.critique === undefined
          ? {}
          : { input_context: { correction: { critique: correction.critique } } }),
        source_execution_id: correction.executionId,
      },
      "body",
    );
    return this.#context.transact((ctx) => createExample({ ctx, input }));
  }

  /**
   * How experts and the agent use tools and where they differ, with the evidence and the rules that it would give; what
   * `GET /api/learning/agents/:agentId/behavior-patterns` answers.
   * @param options.days the agent's runs of the last so many days; default 90
   */
  async extractPatterns(agentId: string, options: { days?: number } = {}): Promise<BehaviorPatterns> {
    const { days } = parseInput(behaviorPatternsQuery, options, "query");
    return this.#context.transact((ctx) => extractPatterns({ ctx, input: { agent: agentId, days } }));
  }

  /**
   * The approved demonstrations and corrections whose inputs are most like a text, the most similar first: what an expert did in a case like
   * this one. Those that share no word with it are left out.
   * @param limit at most so many, 1 to 100; default 5
   */
  async nearestExpertExamples(
    agentId: string,
    near: string,
    { limit = 5 }: { limit?: number } = {},
  ): Promise<NearExample[]> {
    const input = parseInput(nearQuery, { near, limit }, "query");
    return this.#context.transact((ctx) =>
      nearestApprovedExamples({
        ctx,
        input: { agentId, exampleTypes: ["demonstration", "correction"], ...input },
      }),
    );
  }

  /** Approved demonstrations and corrections of an agent, oldest first; `after` is the last one's id of the page before. */
  async getExpertExamples(
    agentId: string,
    page: { after?: string; limit?: number } = {},
  ): Promise<{ examples: LearningExample[]; next: string | null }> {
    return this.#context.transact((ctx) =>
      listApprovedExamples({
        ctx,
        input: { agentId, exampleTypes: ["demonstration", "correction"], ...page },
      }),
    );
  }

  /**
   * Builds a dataset from approved examples, split without leaks, deduplicated, capped for each contributor and decontaminated against
   * the agent's regression cases; the one that `POST /api/learning/datasets` builds.
   * @throws ProblemError naming the field; when it is to be frozen, one error for each threshold that it misses
   */
  async generateTrainingDataset(request: TrainingDatasetRequest): Promise<DatasetDetail> {
    const selection: { [K in keyof DatasetSelection]: unknown } = {
      example_types: request.exampleTypes,
      domains: request.domains,
      task_types: request.taskTypes,
      tags: request.tags,
      min_quality_score: request.minQuality,
      max_examples: request.maxExamples,
    };
    const input = parseInput(
      createDatasetSchema,
      {
        agent_id: request.agentId,
        name: request.name,
        description: request.description,
        version: request.version,
        selection,
        split: request.split,
      },
      "body",
    );
    return this.#context.transact(async (ctx) => {
      const draft = await createDataset({ ctx, input });
      return request.freeze === true ? freezeDataset({ ctx, input: { datasetId: draft.id } }) : draft;
    });
  }
}

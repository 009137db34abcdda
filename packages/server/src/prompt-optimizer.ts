import type {
  AgentVersion,
  CommonIssues,
  FeedbackStatistics,
  PromptEvaluator,
  TrainingRun,
} from "@agent-learning/contract";
import { statisticsQuery } from "@agent-learning/contract";
import {
  type Candidate,
  createDemonstrationsAgentCache,
  createRowEvaluator,
  EvaluationCache,
  type LanguageModel,
  Ledger,
  normalised,
  optimizePrompt as searchPrompt,
  resolveGoals,
  type Row,
  incorporateCorrection,
} from "@agent-learning/learning";
import { findAgent } from "./administration/agents/index.ts";
import { createVersion, presentVersion } from "./administration/versions/index.ts";
import { getCommonIssues, getFeedbackStatistics } from "./collection/index.ts";
import type { Context } from "./context.ts";
import { chooseBaseVersion, optimizePrompt, toCandidate, withCandidate } from "./learning/index.ts";
import { NO_MODEL } from "./models/create-language-model.ts";

/** What is to be optimised. */
export interface OptimizationRequest {
  /** The agent's UUID or slug. */
  agentId: string;
  /** The prompt to start from; without it, the version in production. */
  currentPrompt?: string;
  optimizationGoals?: string[];
  /** Says whether an answer is right; `normalised` unless said. */
  evaluator?: PromptEvaluator;
  datasetId?: string;
  /** Calls to a model at most. */
  budgetCalls?: number;
  seed?: number;
}

/** An approved example, as variants are made from and measured on. */
export interface LearningExampleInput {
  id: string;
  inputText: string;
  expectedOutput: string;
}

/** A variant and its mean score, 0 to 1, over the examples. */
export interface EvaluatedVariant {
  candidate: Candidate;
  score: number;
  examples: number;
  /** Examples on which a call failed: not in the score. */
  failed: number;
}

function rowsOf(examples: readonly LearningExampleInput[]): Row[] {
  return examples.map(({ id, inputText, expectedOutput }) => ({
    id,
    input: inputText,
    expected: expectedOutput,
  }));
}

/**
 * Optimises agents' prompts: the guide's façade over the same verbs that the API runs. Made for one organization and
 * actor, by its context.
 */
export class PromptOptimizer {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Starts an optimisation as a training run; the gate, staging and the draft experiment follow by themselves. */
  async optimize(request: OptimizationRequest): Promise<TrainingRun> {
    const {
      agentId,
      currentPrompt,
      optimizationGoals = ["accuracy"],
      evaluator = { kind: "normalised" },
      datasetId,
      budgetCalls = 400,
      seed = 1,
    } = request;
    return this.#ctx.transact((ctx) =>
      optimizePrompt({
        ctx,
        input: {
          agent_id: agentId,
          optimization_goals: optimizationGoals,
          evaluator,
          budget_calls: budgetCalls,
          seed,
          ...(currentPrompt === undefined ? {} : { current_prompt: currentPrompt }),
          ...(datasetId === undefined ? {} : { dataset_id: datasetId }),
        },
      }),
    );
  }

  /** What users said of the agent lately: totals, satisfaction, and the issues that they name most. */
  async analyzeCurrentPerformance(
    agentId: string,
  ): Promise<{ statistics: FeedbackStatistics; issues: CommonIssues }> {
    const { days } = statisticsQuery.parse({});
    return this.#ctx.transact(async (ctx) => ({
      statistics: await getFeedbackStatistics({ ctx, input: { agent: agentId, days } }),
      issues: await getCommonIssues({ ctx, input: { agent: agentId, days } }),
    }));
  }

  /** Candidates that are expected to beat the agent's present version, best first, made from the examples; none if none is. */
  async generateVariants(
    request: OptimizationRequest & { learningExamples: readonly LearningExampleInput[] },
  ): Promise<Candidate[]> {
    const { seed: base, model } = await this.#prepare(request.agentId, request.currentPrompt);
    const goals = resolveGoals(request.optimizationGoals ?? ["accuracy"], { evaluator: normalised });
    const search = searchPrompt({
      seed: base,
      training: rowsOf(request.learningExamples),
      evaluator: goals.evaluator,
      model,
      proposer: model,
      budget: { calls: request.budgetCalls ?? 400 },
      randomSeed: String(request.seed ?? 1),
    }).run();
    for (;;) {
      const step = await search.next();
      if (step.done === true) return step.value.finalists.map(({ candidate }) => candidate);
    }
  }

  /** Scores variants on examples; an example that a variant shows as a demonstration is hidden while it is answered. */
  async evaluateVariants(request: {
    agentId: string;
    variants: readonly Candidate[];
    learningExamples: readonly LearningExampleInput[];
  }): Promise<EvaluatedVariant[]> {
    const { model } = await this.#prepare(request.agentId);
    const evaluate = createRowEvaluator({
      model,
      evaluator: normalised,
      cache: new EvaluationCache(),
      agents: createDemonstrationsAgentCache(),
      concurrency: 4,
    });
    const ledger = new Ledger();
    const evaluated: EvaluatedVariant[] = [];
    for (const candidate of request.variants) {
      const rows = await evaluate(candidate, rowsOf(request.learningExamples), ledger);
      const answered = rows.filter((row) => row.failure === undefined);
      const sum = answered.reduce((total, row) => total + row.score, 0);
      evaluated.push({
        candidate,
        score: answered.length === 0 ? 0 : sum / answered.length,
        examples: answered.length,
        failed: rows.length - answered.length,
      });
    }
    return evaluated;
  }

  /**
   * Puts one approved correction into the version in production, as a new version. It serves nobody before it was reviewed
   * and released like any other; a correction that the version knows already gives that version back.
   */
  async incorporateCorrection(request: {
    agentId: string;
    exampleId: string;
    inputText: string;
    expectedOutput: string;
    /** A general rule that a person drew from it. */
    lesson?: string;
  }): Promise<AgentVersion> {
    return this.#ctx.transact(async (ctx) => {
      const agent = await findAgent(ctx, request.agentId, "agentId");
      const base = await chooseBaseVersion(ctx, agent.id, undefined);
      const { candidate, changes } = incorporateCorrection(toCandidate(base.config), {
        exampleId: request.exampleId,
        input: request.inputText,
        expected: request.expectedOutput,
        ...(request.lesson === undefined ? {} : { lesson: request.lesson }),
      });
      const { version } = await createVersion({
        ctx,
        input: {
          agentId: agent.id,
          config: changes.length === 0 ? base.config : withCandidate(base.config, candidate),
          origin: "prompt_optimization",
          parentVersionId: base.id,
          changeSummary: "One correction incorporated",
        },
      });
      return presentVersion(version);
    });
  }

  async #prepare(
    agentId: string,
    currentPrompt?: string,
  ): Promise<{ seed: Candidate; model: LanguageModel | undefined }> {
    const base = await this.#ctx.transact(async (ctx) => {
      const agent = await findAgent(ctx, agentId, "agentId");
      return chooseBaseVersion(ctx, agent.id, currentPrompt);
    });
    const seed = toCandidate(base.config);
    const model = seed.runtime === "model" ? await this.#ctx.services.models.load() : undefined;
    if (seed.runtime === "model" && model === undefined) throw new Error(NO_MODEL);
    return { seed, model };
  }
}

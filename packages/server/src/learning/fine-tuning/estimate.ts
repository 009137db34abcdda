import { agentPolicy, type DatasetCard, type FineTuningEstimate } from "@agent-learning/contract";
import { findAgent } from "../../administration/agents/index.ts";
import type { Context, TenantContext } from "../../context.ts";
import { gatesOf, getDataset } from "../../curation/datasets/index.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import type { TrainingBackend, TrainingPlan } from "./backends/backend.ts";
import { expectedEffect } from "./expected-effect.ts";
import { judgePairs, judgeRows } from "./judge-rows.ts";
import { planOf } from "./plan-of.ts";
import { countRows, type RowCounts } from "./rows.ts";
import { isSuperseded, readEarlierRuns, readLastScore } from "./store.ts";

/** What of the dataset itself forbids training on it: thresholds as they are now, and examples that have left it since. */
async function datasetProblems(ctx: TenantContext, plan: TrainingPlan): Promise<string[]> {
  if (plan.datasetId === undefined) return [];
  const dataset = await getDataset({ ctx, input: { datasetId: plan.datasetId } });
  const { training } = agentPolicy.parse((await findAgent(ctx, plan.agentId, "agent_id")).policy);
  const card: Partial<DatasetCard> = dataset.card;
  const { verified, agreement } = card;
  const gates =
    verified === undefined || agreement === undefined
      ? []
      : gatesOf({ verified, agreement, examples: dataset.total_examples }, training);
  const missed = gates.filter(({ passed }) => !passed);
  const problems = missed.map(({ message }) => message);
  if (dataset.status !== "frozen") problems.push(`The dataset is ${dataset.status}. Choose a frozen one.`);
  if (await isSuperseded(ctx, plan.datasetId))
    problems.push(
      "Examples of this dataset were erased or are distrusted, and another replaces it: use that.",
    );
  return problems;
}

export interface Inspection {
  problems: string[];
  warnings: string[];
  missing: string[];
  counts: RowCounts;
}

/** Everything that stands in a run's way. @param quick leaves out what would start a process or call somebody */
export async function inspect(
  ctx: Context,
  { plan, backend }: { plan: TrainingPlan; backend: TrainingBackend },
  quick: boolean,
): Promise<Inspection> {
  const problems = await ctx.transact((tenant) => datasetProblems(tenant, plan));
  const counts = await countRows(ctx, plan);
  const maxLength = plan.hyperparameters.max_length;
  const judged =
    plan.settings.method === "embedding"
      ? judgePairs(counts, maxLength)
      : judgeRows(counts, { maxLength, trainsWeights: backend.name !== "context" });
  return {
    problems: [...problems, ...judged.problems],
    warnings: judged.warnings,
    missing: await backend.missing(ctx, plan, quick),
    counts,
  };
}

/** What a run would take and is expected to bring, and what is in its way. Changes nothing. */
export async function estimateRun(ctx: Context, row: TrainingRunRow): Promise<FineTuningEstimate> {
  const planned = await ctx.transact((tenant) => planOf(tenant, row));
  const { plan, backend } = planned;
  const { problems, warnings, missing, counts } = await inspect(ctx, planned, true);
  const { earlier, score } = await ctx.transact(async (tenant) => ({
    earlier: await readEarlierRuns(tenant, plan.agentId),
    score: await readLastScore(tenant, plan.base.id),
  }));
  const { epochs, batch_size: batch } = plan.hyperparameters;
  const measured = earlier.find(
    (run) => run.backend === backend.name && run.seconds_per_token !== null,
  )?.seconds_per_token;
  const seconds =
    typeof measured === "number"
      ? measured * counts.tokens * epochs
      : await backend.estimateSeconds(plan, { rows: counts.train, tokens: counts.tokens });
  const isKnown = typeof measured === "number" && seconds !== undefined;
  return {
    backend: backend.name,
    method: plan.settings.method,
    ready: problems.length === 0 && missing.length === 0,
    missing,
    problems,
    warnings,
    rows: {
      train: counts.train,
      validation: counts.validation,
      test: counts.test,
      too_long: backend.name === "context" ? 0 : counts.tooLong,
    },
    tokens: counts.tokens,
    steps: backend.name === "context" ? null : Math.ceil((counts.train * epochs) / batch),
    seconds: seconds === undefined ? null : Math.round(seconds),
    basis: seconds === undefined ? null : isKnown ? "earlier_runs" : "rule_of_thumb",
    expected_effect: expectedEffect(
      score,
      earlier.flatMap(({ gain }) => gain ?? []),
    ),
    preview: counts.preview,
  };
}

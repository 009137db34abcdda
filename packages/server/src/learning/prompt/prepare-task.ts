import { agentVersionConfig, type AgentVersionConfig, type PromptSettings } from "@agent-learning/contract";
import { type Candidate, type LanguageModel, Ledger, type ResolvedGoals } from "@agent-learning/learning";
import { findVersion } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import type { RunHandle } from "../training-runs/carry-out-run.ts";
import { modelOf } from "../fine-tuning/model-of.ts";
import { chooseDataset } from "./choose-dataset.ts";
import { type Calibrations, prepareEvaluators } from "./evaluators/prepare-evaluators.ts";
import { needsJudge } from "./evaluators/needs-judge.ts";
import { readPromptSettings } from "./prompt-settings.ts";
import { type DatasetRows, readDatasetRows } from "./read-rows.ts";
import { budgetOf, readCheckpoint } from "./search.ts";
import { readAnnotatedExamples } from "./store.ts";
import { toCandidate } from "./to-candidate.ts";

/** Everything that a search and its gate work on. */
export interface PromptTask {
  settings: PromptSettings;
  base: { id: string; config: AgentVersionConfig };
  seed: Candidate;
  datasetId: string;
  rows: DatasetRows;
  /** Answers; undefined for the built-in agent. */
  model: LanguageModel | undefined;
  goals: ResolvedGoals;
  judging: { ledger: Ledger; calibrations: Calibrations };
  /** The same goals, whose judges count their calls elsewhere. */
  goalsCountedBy(ledger: Ledger): Promise<ResolvedGoals>;
}

/** Reads what a run starts from. With reasons where it has nothing to learn from, or nothing to measure with. */
export async function prepareTask(
  ctx: Context,
  handle: RunHandle,
  signal: AbortSignal,
): Promise<PromptTask | { reasons: string[] }> {
  const { row } = handle;
  const settings = readPromptSettings(row.config).data;
  const baseId = row.base_version_id;
  if (settings === undefined || baseId === null) throw new Error("the run's settings cannot be read");
  const version = await ctx.transact((tenant) =>
    findVersion(tenant, row.agent_id, baseId, "base_version_id"),
  );
  const base = { id: baseId, config: agentVersionConfig.parse(version.config) };
  const seed = toCandidate(base.config);
  const model = await modelOf(ctx, base.config);
  if (seed.runtime === "model" && model === undefined) throw new Error(NO_MODEL);

  const choice = row.dataset_id === null ? await chooseDataset(ctx, row.agent_id) : { id: row.dataset_id };
  if ("reasons" in choice)
    return { reasons: ["There is no dataset that may be learned from.", ...choice.reasons] };
  await handle.change({ datasetId: choice.id }, { type: "dataset", data: { dataset_id: choice.id } });
  const rows = await readDatasetRows(ctx, choice.id);
  if (rows.training.length === 0)
    return { reasons: ["The dataset has no training example with an expected output."] };

  const known = readCheckpoint(handle).judging;
  const tools = {
    webhooks: ctx.services.webhooks,
    embedder: await ctx.services.embedders.load(),
    model: model ?? (needsJudge(settings) ? await ctx.services.models.load() : undefined),
  };
  const prepare = (ledger: Ledger, calibrations: Calibrations | undefined) =>
    prepareEvaluators({
      settings,
      tools: { ...tools, ledger },
      annotated: () => ctx.transact((tenant) => readAnnotatedExamples(tenant, row.agent_id)),
      known: calibrations,
      signal,
    });
  const ledger = known === undefined ? new Ledger(budgetOf(settings)) : Ledger.restore(known.ledger);
  const { goals, calibrations, refusal } = await prepare(ledger, known?.calibrations);
  if (refusal !== undefined)
    return { reasons: ["What would score the answers cannot be believed.", refusal] };
  return {
    settings,
    base,
    seed,
    datasetId: choice.id,
    rows,
    model,
    goals,
    judging: { ledger, calibrations },
    goalsCountedBy: async (other) => (await prepare(other, calibrations)).goals,
  };
}

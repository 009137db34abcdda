import { agentVersionConfig } from "@agent-learning/contract";
import {
  type Candidate,
  type LanguageModel,
  Ledger,
  normalised,
  resolveGoals,
  type Row,
  runGate,
} from "@agent-learning/learning";
import { findVersion } from "../../administration/versions/index.ts";
import type { Context } from "../../context.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import {
  RunCancelled,
  type RunHandle,
  RunLost,
  settleCancelled,
  takeRun,
} from "../training-runs/carry-out-run.ts";
import type { PinnedCase } from "../candidate-observer.ts";
import { createAnswerer } from "./answerer.ts";
import { chooseDataset } from "./choose-dataset.ts";
import { concludeWithCandidate, keepSeed } from "./conclude.ts";
import { readPromptSettings } from "./prompt-settings.ts";
import { readDatasetRows } from "./read-rows.ts";
import { measureAffectedShare, readRecentInputs } from "./replay.ts";
import { search } from "./search.ts";
import { nextGateAttempt } from "./store.ts";
import { toCandidate } from "./to-candidate.ts";

/** Carries one prompt optimisation out, from where it stands to its end. Idempotent: an ended run stays as it is. */
export async function runPromptOptimization({
  ctx,
  runId,
  signal,
}: {
  ctx: Context;
  runId: string;
  signal: AbortSignal;
}): Promise<void> {
  const handle = await takeRun(ctx, runId);
  if (handle === undefined) return;
  const heart = handle.beat();
  try {
    await optimise(ctx, handle, signal);
  } catch (error) {
    if (error instanceof RunLost) return;
    if (error instanceof RunCancelled) return settleCancelled(ctx, runId);
    // The worker is stopping: the run stays as it is, and whoever takes it up goes on from its checkpoint.
    if (signal.aborted) throw error;
    await fail(handle, error);
  } finally {
    heart.stop();
  }
}

async function fail(handle: RunHandle, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await handle
    .change(
      {
        status: "failed",
        end: true,
        error: { message, advice: "Mend the cause and start a new run. The agent is as it was." },
      },
      { type: "failed", data: { message } },
    )
    .catch((lost: unknown) => {
      if (!(lost instanceof RunLost) && !(lost instanceof RunCancelled)) throw lost;
    });
}

async function optimise(ctx: Context, handle: RunHandle, signal: AbortSignal): Promise<void> {
  const { row } = handle;
  const settings = readPromptSettings(row.config).data;
  if (settings === undefined || row.base_version_id === null)
    throw new Error("the run's settings cannot be read");
  const baseId = row.base_version_id;
  const version = await ctx.transact((tenant) =>
    findVersion(tenant, row.agent_id, baseId, "base_version_id"),
  );
  const base = { id: baseId, config: agentVersionConfig.parse(version.config) };
  const seed = toCandidate(base.config);
  const model = seed.runtime === "model" ? await ctx.services.models.load() : undefined;
  if (seed.runtime === "model" && model === undefined) throw new Error(NO_MODEL);

  const choice = row.dataset_id === null ? await chooseDataset(ctx, row.agent_id) : { id: row.dataset_id };
  if ("reasons" in choice) {
    return keepSeed(handle, ["There is no dataset that may be learned from.", ...choice.reasons]);
  }
  await handle.change({ datasetId: choice.id }, { type: "dataset", data: { dataset_id: choice.id } });
  const rows = await readDatasetRows(ctx, choice.id);
  if (rows.training.length === 0)
    return keepSeed(handle, ["The dataset has no training example with an expected output."]);

  const goals = resolveGoals(settings.optimization_goals, { evaluator: normalised });
  const result = await search({
    handle,
    seed,
    training: rows.training,
    evaluator: goals.evaluator,
    model,
    settings,
    signal,
  });
  if (result.finalists.length === 0) {
    return keepSeed(
      handle,
      ["No candidate is expected to be better than the version that it started from.", ...result.notes],
      result,
    );
  }
  const { attempt, pinned, inputs } = await ctx.transact(async (tenant) => ({
    attempt: await nextGateAttempt(tenant, row.agent_id),
    pinned: await tenant.services.pinnedCases(tenant, row.agent_id),
    inputs: await readRecentInputs(tenant, row.agent_id),
  }));
  const kept = await casesThatPass(seed, pinned, model, signal);
  const { best } = await runGate({
    seed,
    finalists: result.finalists.map(({ candidate }) => candidate),
    rows: rows.gate,
    pinnedRows: kept,
    training: rows.training,
    evaluator: goals.evaluator,
    model,
    // The search had its budget; the gate is asked few rows and must not be cut short.
    ledger: new Ledger(),
    attempt,
    randomSeed: String(settings.seed),
    signal,
  });
  if (best === undefined) return keepSeed(handle, ["The gate had no finalist to look at."], result);
  await handle.change(
    { progressPercentage: 90 },
    { type: "gate", data: { verdict: best.verdict, reasons: best.reasons } },
  );
  const affectedShare = await measureAffectedShare({
    base: seed,
    candidate: best.candidate,
    inputs,
    model,
    signal,
  });
  await concludeWithCandidate({
    handle,
    datasetId: choice.id,
    result,
    base,
    best,
    affectedShare,
    evaluatorName: "normalised",
    unmeasured: goals.unmeasured,
  });
}

/** The cases that the seed answers right: the ones that a candidate could break. */
async function casesThatPass(
  seed: Candidate,
  cases: readonly PinnedCase[],
  model: LanguageModel | undefined,
  signal: AbortSignal,
): Promise<Row[]> {
  const answer = createAnswerer(seed, model, signal);
  if (answer === undefined) return [];
  const kept: Row[] = [];
  for (const one of cases) {
    signal.throwIfAborted();
    const output = await answer(one.input);
    const { score } = await normalised({ input: one.input, expected: one.expected, output });
    if (score === 1) kept.push(one);
  }
  return kept;
}

import { agentVersionConfig, type AgentVersionConfig, type JsonValue } from "@agent-learning/contract";
import { BudgetExhausted, ModelUnavailable } from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { NO_MODEL } from "../../models/create-language-model.ts";
import { newId } from "../../new-id.ts";
import { openSpendingMeter } from "../budgets/index.ts";
import { preferenceSignal } from "../preferences/preference-signal.ts";
import { readDatasetRows } from "../prompt/read-rows.ts";
import { measureAffectedShare, readRecentInputs } from "../prompt/replay.ts";
import { withMeter } from "../prompt/run-prompt-optimization.ts";
import { nextGateAttempt } from "../prompt/store.ts";
import { toCandidate } from "../prompt/to-candidate.ts";
import type { TrainingRunRow } from "../training-runs/present-training-run.ts";
import { changeRun, readRun, touchRun } from "../training-runs/store.ts";
import type { Step } from "./advance.ts";
import { ArtifactMismatch, storeFile } from "./artifacts/artifact-files.ts";
import { datasetOf, type MadeArtifacts, type StoredFile } from "./backends/backend.ts";
import { concludeWithCandidate, concludeWithoutVersion, type Judged } from "./conclude.ts";
import { failRun, forgetRun, type RunFault } from "./fail.ts";
import { modelOf } from "./model-of.ts";
import { moveRun } from "./move.ts";
import { compareSides, type Side } from "./score-answers.ts";

const BEAT_MILLISECONDS = 5_000;
/** Seconds without a sign of life after which the worker at an evaluation counts as dead. */
const QUIET_SECONDS = 60;
/** Inputs of production that are answered again: tells 50 % from 65 %. */
const REPLAYED = 80;

/** Keeps what was made, measures it against what serves, and leaves it to a reviewer, or ends the run. */
export async function evaluateRun(step: Step): Promise<boolean> {
  const row = await takeEvaluation(step);
  if (row === undefined) return false;
  const ending = new AbortController();
  const signal = AbortSignal.any([step.signal, ending.signal]);
  const heart = beat(step.ctx, row, ending);
  const { ctx, backend, plan } = step;
  try {
    const meter = await openSpendingMeter(ctx, row.id);
    try {
      await evaluate({ ...step, ctx: withMeter(ctx, meter), row, signal });
    } finally {
      await meter.flush().catch((error: unknown) => {
        ctx.services.log.warn("what a run spent could not be written", { runId: row.id, error });
      });
    }
  } catch (error) {
    if (step.signal.aborted) throw error;
    if (ending.signal.aborted) return endCancelled(step);
    await failRun(ctx, row, backend, plan, faultOf(error));
  } finally {
    clearInterval(heart);
  }
  return false;
}

/** There is no model that could answer for a version. */
class NothingAnswers extends Error {
  override name = "NothingAnswers";
}

function faultOf(error: unknown): RunFault {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ArtifactMismatch) return { kind: "internal", message };
  const isOutage =
    error instanceof NothingAnswers ||
    BudgetExhausted.isInstance(error) ||
    ModelUnavailable.isInstance(error);
  return { kind: isOutage ? "environment" : "internal", message };
}

/** One worker at a time; the next one when it has not been heard of for a while. */
async function takeEvaluation({ ctx, row, state }: Step): Promise<TrainingRunRow | undefined> {
  return ctx.transact(async (tenant) => {
    const now = await learningNow(tenant.tx);
    const quiet = (now.getTime() - (row.heartbeat_at ?? now).getTime()) / 1_000;
    if (state.evaluating && quiet < QUIET_SECONDS) return undefined;
    return changeRun(tenant, row.id, row.revision, { checkpoint: { ...state, evaluating: true } });
  });
}

/** Says that the work goes on, and ends it when the run has been taken away or is to stop. */
function beat(ctx: Context, row: TrainingRunRow, ending: AbortController): NodeJS.Timeout {
  const timer = setInterval(() => {
    ctx
      .transact(async (tenant) => {
        await touchRun(tenant, row.id, row.revision);
        if ((await readRun(tenant, row.id))?.revision !== row.revision) ending.abort();
      })
      .catch(() => undefined);
  }, BEAT_MILLISECONDS);
  timer.unref();
  return timer;
}

/** Somebody asked to stop while it was evaluated, or another worker has it. */
async function endCancelled({ ctx, backend, plan }: Step): Promise<boolean> {
  const ended = await ctx.transact(async (tenant) => {
    const row = await readRun(tenant, plan.runId);
    if (row?.phase !== "evaluating" || row.cancel_requested_at === null) return undefined;
    return moveRun(tenant, row, { to: "cancelled" });
  });
  if (ended !== undefined) await forgetRun(ctx, backend, plan, undefined);
  return false;
}

async function evaluate(step: Step): Promise<void> {
  const { ctx, row, state, plan, backend } = step;
  const handle = state.handle ?? backend.reserve(plan, row.id);
  const made = await backend.artifacts(ctx, plan, handle);
  const files = await keepFiles(ctx, made);
  const config = made.candidate(files);
  const metrics: Record<string, JsonValue> = {
    ...(row.metrics as Record<string, JsonValue>),
    ...made.metrics,
    ...(made.summary === undefined ? {} : { diff: made.summary }),
  };
  if (config === undefined) await concludeWithoutVersion(step, { files, metrics });
  else await concludeWithCandidate(step, { files, metrics, judged: await judgeCandidate(step, config) });
  await forgetRun(ctx, backend, plan, handle);
}

/** Copies the files to the store. One that is not what was announced is stored nowhere. */
async function keepFiles(ctx: Context, made: MadeArtifacts): Promise<StoredFile[]> {
  const kept: StoredFile[] = [];
  for (const file of made.files) {
    await storeFile(ctx.services.config, ctx.organizationId, file);
    const { name, kind, sha256, bytes } = file;
    kept.push({ id: newId(), name, kind, sha256, bytes });
  }
  return kept;
}

async function sideOf(ctx: Context, config: AgentVersionConfig): Promise<Side> {
  const model = await modelOf(ctx, config);
  if (config.runtime === "model" && model === undefined)
    throw new NothingAnswers(`The version runs a language model. ${NO_MODEL}`);
  return { candidate: toCandidate(config), model, adapter: config.adapter };
}

async function judgeCandidate(step: Step, made: AgentVersionConfig): Promise<Judged> {
  const { ctx, plan, signal } = step;
  const config = agentVersionConfig.parse(made);
  const { agentId, base, settings } = plan;
  const rows = await readDatasetRows(ctx, datasetOf(plan));
  const { attempt, pinned, inputs } = await ctx.transact(async (tenant) => ({
    attempt: await nextGateAttempt(tenant, agentId),
    pinned: await tenant.services.pinnedCases(tenant, agentId),
    inputs: await readRecentInputs(tenant, agentId, REPLAYED),
  }));
  const before = await sideOf(ctx, base.config);
  const after = await sideOf(ctx, config);
  const comparison = await compareSides({
    base: before,
    made: after,
    rows: rows.gate,
    training: rows.training,
    pinned,
    budgetCalls: settings.budget_calls,
    attempt,
    seed: settings.seed,
    signal,
  });
  const isRefused = comparison.report.verdict === "reject";
  const affectedShare = isRefused
    ? null
    : await measureAffectedShare({
        base: before.candidate,
        candidate: after.candidate,
        inputs,
        model: before.model,
        candidateModel: after.model,
        signal,
      });
  const vetting = isRefused
    ? undefined
    : await ctx.services.vetCandidate(ctx, {
        agentId,
        trainingRunId: plan.runId,
        config,
        baseline: base,
        signal,
      });
  const preference = await preferenceSignal(ctx, { agentId, rows: comparison.rows, seed: settings.seed });
  return { config, comparison, affectedShare, vetting, preference };
}

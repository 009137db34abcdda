import {
  BudgetExhausted,
  EvaluatorUnavailable,
  type LanguageModel,
  ModelUnavailable,
} from "@agent-learning/learning";
import type { Context } from "../../context.ts";
import { ModelEndpointError } from "../../models/model-endpoint-error.ts";
import { openSpendingMeter, type SpendingMeter } from "../budgets/index.ts";
import { carryOutRun, type RunHandle } from "../training-runs/carry-out-run.ts";
import { concludeWithCandidate, keepSeed } from "./conclude.ts";
import { judgedShares } from "./evaluators/prepare-evaluators.ts";
import { optimiseByDuels } from "./duels/optimise-by-duels.ts";
import { explainKeptSeed } from "./explain-kept-seed.ts";
import { gateFinalists } from "./gate-finalists.ts";
import { prepareTask } from "./prepare-task.ts";
import { search } from "./search.ts";

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
  await carryOutRun({ ctx, runId, signal }, async (handle) => {
    const meter = await openSpendingMeter(ctx, runId);
    try {
      await optimise(withMeter(ctx, meter), { handle, meter, signal });
    } finally {
      await meter.flush().catch((error: unknown) => {
        ctx.services.log.warn("what a run spent could not be written", { runId, error });
      });
    }
  });
}

/** The same context, whose models and embedder are counted: also those that the release gate asks. */
export function withMeter(ctx: Context, meter: SpendingMeter): Context {
  const { models, embedders } = ctx.services;
  const loadEmbedder: typeof embedders.load = async () => {
    const embedder = await embedders.load();
    return embedder === undefined ? undefined : meter.meteredEmbedder(embedder);
  };
  const load: typeof models.load = async (variant): Promise<LanguageModel | undefined> => {
    const model = await models.load(variant);
    return model === undefined ? undefined : meter.metered(model);
  };
  return {
    ...ctx,
    services: {
      ...ctx.services,
      models: { ...models, load },
      embedders: { ...embedders, load: loadEmbedder },
    },
  };
}

interface Work {
  handle: RunHandle;
  meter: SpendingMeter;
  signal: AbortSignal;
}

async function optimise(ctx: Context, { handle, meter, signal }: Work): Promise<void> {
  const task = await prepareTask(ctx, handle, signal);
  if ("reasons" in task) return keepSeed(handle, task.reasons, meter);
  if (task.settings.evaluator.kind === "preferences") {
    try {
      return await optimiseByDuels(ctx, { handle, meter, signal }, task);
    } catch (error) {
      signal.throwIfAborted();
      if (!isOutage(error)) throw error;
      return keepSeed(handle, [stopped(error)], meter);
    }
  }
  const result = await search({
    ...task,
    handle,
    training: task.rows.training,
    evaluator: task.goals.evaluator,
    signal,
  });
  if (meter.exhausted !== undefined) return keepSeed(handle, [stopped(meter.exhausted)], meter, result);
  if (result.finalists.length === 0) return keepSeed(handle, explainKeptSeed(result), meter, result);
  let gated: Awaited<ReturnType<typeof gateFinalists>>;
  try {
    gated = await gateFinalists(ctx, handle, task, result, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isOutage(error)) throw error;
    return keepSeed(handle, ["The gate could not be carried out.", stopped(error)], meter, result);
  }
  if (gated === undefined) return keepSeed(handle, ["The gate had no finalist to look at."], meter, result);
  await concludeWithCandidate({
    ...gated,
    handle,
    meter,
    result,
    datasetId: task.datasetId,
    base: task.base,
    evaluatorName: task.settings.evaluator.kind,
    unmeasured: task.goals.unmeasured,
    judges: judgedShares(task.judging.calibrations, gated.best.rows),
  });
}

/** Whether a model, an evaluator or the money for them is what is missing. */
function isOutage(error: unknown): error is Error {
  return (
    BudgetExhausted.isInstance(error) ||
    ModelUnavailable.isInstance(error) ||
    EvaluatorUnavailable.isInstance(error) ||
    ModelEndpointError.isInstance(error)
  );
}

function stopped({ message }: Error): string {
  return `${message.replace(/\.$/, "")}. The run stopped, and the agent stays as it is.`;
}

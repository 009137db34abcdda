import type { ExperimentResults } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { notFound } from "../../http/problem-error.ts";
import { presentResults } from "./present-experiment.ts";
import { refreshExperiment } from "./refresh-experiment.ts";
import { hasChanges, lockExperiment, selectExperiment } from "./store.ts";

/** The results as of now: what came in since the last analysis is folded first, unless somebody is at it already. */
export async function getResults({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { id: string };
}): Promise<ExperimentResults> {
  const known = await selectExperiment(ctx, input.id);
  if (known === undefined) throw notFound("experiment", input.id, "path.experimentId");
  const active = known.status === "running" || known.status === "paused";
  const ended = known.status === "stopped" || known.status === "decided";
  const due = active || (ended && (await hasChanges(ctx, known.id)));
  const locked = due ? await lockExperiment(ctx, known.id, { skipLocked: true }) : undefined;
  const row =
    locked === undefined
      ? known
      : (await refreshExperiment({ ctx, input: { row: locked, final: false } })).row;
  return presentResults(row, await learningNow(ctx.tx));
}

import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import type { TrainingRunRow } from "./present-training-run.ts";
import { readRun } from "./store.ts";

/** @throws ProblemError not-found */
export async function requireRun(ctx: TenantContext, id: string): Promise<TrainingRunRow> {
  const row = await readRun(ctx, id);
  if (row === undefined) throw notFound("training run", id, "path.runId");
  return row;
}

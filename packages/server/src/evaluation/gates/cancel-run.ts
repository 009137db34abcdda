import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict, notFound } from "../../http/index.ts";
import { changeRun, selectRun } from "./store.ts";
import type { RunRow } from "./stored-run.ts";

const ENDED = new Set(["completed", "failed", "cancelled"]);

/** Ends a run without a verdict. @throws ProblemError conflict when it has ended */
export async function cancelEvaluationRun(ctx: TenantContext, id: string): Promise<RunRow> {
  const row = await selectRun(ctx, id, { lock: true });
  if (row === undefined) throw notFound("evaluation run", id, "path.evaluationRunId");
  if (ENDED.has(row.status)) throw conflict(`This run is ${row.status} already; there is nothing to cancel.`);
  const cancelled = await changeRun(ctx, row, { status: "cancelled", pending: [], ended: true });
  if (cancelled === undefined) throw conflict("Somebody else has just moved this run. Read it again.");
  await writeAudit(ctx, { action: "evaluation-run.cancelled", entityType: "evaluation_run", entityId: id });
  return cancelled;
}

import type { EvaluationRunDetails, EvaluationVerdict } from "@agent-learning/contract";
import type { TenantContext } from "../../context.ts";
import { notFound } from "../../http/index.ts";
import { type ReportRow, selectReports, selectRun } from "./store.ts";
import { presentRun } from "./stored-run.ts";

function present<T>(
  reports: readonly ReportRow[],
  kind: string,
): ({ verdict: EvaluationVerdict; sentence: string } & T) | null {
  const row = reports.find((one) => one.kind === kind);
  if (row === undefined) return null;
  return {
    verdict: row.verdict as EvaluationVerdict,
    sentence: row.sentence ?? "",
    ...(row.report as T),
  };
}

/** A run with its reports. */
export async function getEvaluationRun(ctx: TenantContext, id: string): Promise<EvaluationRunDetails> {
  const row = await selectRun(ctx, id);
  if (row === undefined) throw notFound("evaluation run", id, "path.evaluationRunId");
  const reports = await selectReports(ctx, id);
  return {
    ...presentRun(row),
    regression: present(reports, "regression"),
    safety: present(reports, "safety"),
    contributors: present(reports, "contributors"),
  };
}

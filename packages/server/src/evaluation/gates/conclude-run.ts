import type { DatasetInfluence } from "@agent-learning/contract";
import type { ReleaseGateReport } from "@agent-learning/learning";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { conflict } from "../../http/index.ts";
import { rememberStability } from "../regression/index.ts";
import { withContributors } from "./assess-contributors.ts";
import { regressionOnWire, safetyOnWire } from "./report-on-wire.ts";
import { changeRun, insertRecorded, insertReport } from "./store.ts";
import type { RunRow } from "./stored-run.ts";

/** Keeps what a gate found: the run's verdict, a report for each check, the answers, and how stable each case was. */
export async function concludeRun(
  ctx: TenantContext,
  run: RunRow,
  found: ReleaseGateReport,
  contributors: DatasetInfluence | null,
): Promise<RunRow> {
  const report = withContributors(found, contributors);
  const ended = await changeRun(ctx, run, {
    status: "completed",
    verdict: report.verdict,
    sentence: report.sentence,
    pending: [],
    ended: true,
  });
  if (ended === undefined) throw conflict("Somebody else has just moved this run. Read it again.");
  await insertRecorded(ctx, run.id, report.answers);
  const { regression, safety } = report;
  if (regression !== null) {
    const { verdict, sentence } = regression;
    await insertReport(ctx, ended, {
      kind: "regression",
      verdict,
      sentence,
      report: regressionOnWire(regression),
    });
    await rememberStability(
      ctx,
      regression.cases.map((one) => ({
        id: one.id,
        flakiness: one.flakiness === null ? null : Math.min(1, one.flakiness),
        quarantineReason: one.status === "quarantined" || one.status === "not_judged" ? one.reason : null,
      })),
    );
  }
  if (safety !== null) {
    const { verdict, sentence } = safety;
    await insertReport(ctx, ended, { kind: "safety", verdict, sentence, report: safetyOnWire(safety) });
  }
  if (contributors !== null) {
    const { verdict, sentence } = contributors;
    await insertReport(ctx, ended, { kind: "contributors", verdict, sentence, report: contributors });
  }
  await writeAudit(ctx, {
    action: "evaluation-run.completed",
    entityType: "evaluation_run",
    entityId: run.id,
    data: {
      agent_id: run.agent_id,
      candidate_version_id: run.candidate_version_id,
      verdict: report.verdict,
      regression: regression?.verdict ?? null,
      safety: safety?.verdict ?? null,
      contributors: contributors?.verdict ?? null,
    },
  });
  return ended;
}

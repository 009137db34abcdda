import type { EvaluationAnswer, EvaluationCheck, EvaluationVerdict } from "@agent-learning/contract";
import type { PendingAnswer, RecordedAnswer } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import type { RunRow, RunSettings } from "./stored-run.ts";

const NOW = sql<Date>`learning_now()`;
/** Rows of one INSERT: few enough for its parameters. */
const CHUNK = 500;

export interface NewRun {
  agentId: string;
  candidateVersionId: string;
  baselineVersionId: string | null;
  trainingRunId: string | null;
  status: "pending" | "waiting" | "running";
  answeredBy: "server" | "caller";
  checks: readonly EvaluationCheck[];
  settings: RunSettings;
  pending: readonly PendingAnswer[];
  createdBy: string | null;
  /** When its cases were read; now unless given. */
  casesReadAt?: Date | undefined;
}

export async function insertRun(ctx: TenantContext, run: NewRun): Promise<RunRow> {
  return ctx.tx
    .insertInto("evaluation_runs")
    .values({
      organization_id: ctx.organizationId,
      id: newId(),
      agent_id: run.agentId,
      candidate_version_id: run.candidateVersionId,
      baseline_version_id: run.baselineVersionId,
      training_run_id: run.trainingRunId,
      status: run.status,
      answered_by: run.answeredBy,
      checks: json(run.checks),
      settings: json(run.settings),
      pending: json(run.pending),
      created_by: run.createdBy,
      started_at: run.casesReadAt ?? NOW,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function selectRun(
  ctx: TenantContext,
  id: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<RunRow | undefined> {
  let query = ctx.tx
    .selectFrom("evaluation_runs")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id);
  if (lock) query = query.forUpdate();
  return query.executeTakeFirst();
}

/** Newest first; ids are UUIDv7. */
export async function selectRuns(
  ctx: TenantContext,
  filter: {
    agentId?: string | undefined;
    versionId?: string | undefined;
    beforeId?: string | undefined;
    limit: number;
  },
): Promise<RunRow[]> {
  let query = ctx.tx
    .selectFrom("evaluation_runs")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId);
  if (filter.agentId !== undefined) query = query.where("agent_id", "=", filter.agentId);
  if (filter.versionId !== undefined) query = query.where("candidate_version_id", "=", filter.versionId);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

export interface RunChange {
  status: "waiting" | "running" | "completed" | "failed" | "cancelled";
  pending?: readonly PendingAnswer[];
  verdict?: EvaluationVerdict;
  sentence?: string;
  error?: string;
  started?: boolean;
  ended?: boolean;
}

/** Compare-and-set on the revision; undefined: somebody else moved it. */
export async function changeRun(
  ctx: TenantContext,
  row: Pick<RunRow, "id" | "revision">,
  change: RunChange,
): Promise<RunRow | undefined> {
  return ctx.tx
    .updateTable("evaluation_runs")
    .set({
      status: change.status,
      revision: row.revision + 1,
      ...(change.pending === undefined ? {} : { pending: json(change.pending) }),
      ...(change.verdict === undefined ? {} : { verdict: change.verdict }),
      ...(change.sentence === undefined ? {} : { sentence: change.sentence }),
      ...(change.error === undefined ? {} : { error: change.error }),
      ...(change.started === true ? { started_at: NOW } : {}),
      ...(change.ended === true ? { completed_at: NOW } : {}),
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", row.id)
    .where("revision", "=", row.revision)
    .returningAll()
    .executeTakeFirst();
}

const caseOf = (questionId: string): string | null =>
  questionId.startsWith("case/") ? questionId.slice("case/".length) : null;

async function insertAnswers(
  ctx: TenantContext,
  runId: string,
  answers: readonly {
    questionId: string;
    side: string;
    attempt: number;
    output: string | null;
    error: string | null;
  }[],
  known: "stay" | "are replaced" = "stay",
): Promise<void> {
  for (let from = 0; from < answers.length; from += CHUNK) {
    await ctx.tx
      .insertInto("evaluation_answers")
      .values(
        answers.slice(from, from + CHUNK).map((answer) => ({
          organization_id: ctx.organizationId,
          run_id: runId,
          question_id: answer.questionId,
          side: answer.side,
          attempt: answer.attempt,
          case_id: caseOf(answer.questionId),
          output: answer.output,
          error: answer.error,
        })),
      )
      .onConflict((conflict) => {
        if (known === "stay") return conflict.doNothing();
        return conflict
          .columns(["organization_id", "run_id", "question_id", "side", "attempt"])
          .doUpdateSet({ output: sql`excluded.output` })
          .where(sql<boolean>`evaluation_answers.output IS DISTINCT FROM excluded.output`);
      })
      .execute();
  }
}

export async function insertSubmitted(
  ctx: TenantContext,
  runId: string,
  answers: readonly EvaluationAnswer[],
): Promise<void> {
  await insertAnswers(
    ctx,
    runId,
    answers.map((one) => ({
      questionId: one.question_id,
      side: one.side,
      attempt: one.attempt,
      output: one.output ?? null,
      error: one.error ?? null,
    })),
  );
}

/** Keeps the answers of a run that ended, as the agent's policy wants them kept: what a caller submitted gives way to that. */
export async function insertRecorded(
  ctx: TenantContext,
  runId: string,
  answers: readonly RecordedAnswer[],
): Promise<void> {
  await insertAnswers(ctx, runId, answers, "are replaced");
}

export interface StoredAnswer {
  question_id: string;
  side: string;
  attempt: number;
  output: string | null;
  error: string | null;
}

export async function selectAnswers(ctx: TenantContext, runId: string): Promise<StoredAnswer[]> {
  return ctx.tx
    .selectFrom("evaluation_answers")
    .select(["question_id", "side", "attempt", "output", "error"])
    .where("organization_id", "=", ctx.organizationId)
    .where("run_id", "=", runId)
    .execute();
}

/** The newest completed run of a version whose answers a caller submitted. */
export async function selectLastSubmitted(
  ctx: TenantContext,
  versionId: string,
): Promise<string | undefined> {
  const row = await ctx.tx
    .selectFrom("evaluation_runs")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("candidate_version_id", "=", versionId)
    .where("status", "=", "completed")
    .where("answered_by", "=", "caller")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/** A check that a caller may ask for, or what the contributors of the training data do, which is always told. */
export type ReportKind = EvaluationCheck | "contributors";

export async function insertReport(
  ctx: TenantContext,
  run: RunRow,
  report: { kind: ReportKind; verdict: EvaluationVerdict; sentence: string; report: unknown },
): Promise<void> {
  await ctx.tx
    .insertInto("evaluation_reports")
    .values({
      organization_id: ctx.organizationId,
      id: newId(),
      agent_id: run.agent_id,
      candidate_version_id: run.candidate_version_id,
      baseline_version_id: run.baseline_version_id,
      training_run_id: run.training_run_id,
      evaluation_run_id: run.id,
      kind: report.kind,
      verdict: report.verdict,
      sentence: report.sentence,
      report: json(report.report),
    })
    .execute();
}

/** The dataset that a training run learned from; undefined without one. */
export async function selectTrainingDataset(
  ctx: TenantContext,
  trainingRunId: string,
): Promise<string | undefined> {
  const row = await ctx.tx
    .selectFrom("training_runs")
    .select("dataset_id")
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", trainingRunId)
    .executeTakeFirst();
  return row?.dataset_id ?? undefined;
}

/** Whether a version was trained on a dataset. */
export async function isTrainedOnDataset(ctx: TenantContext, versionId: string): Promise<boolean> {
  const row = await ctx.tx
    .selectFrom("agent_versions as v")
    .innerJoin("training_runs as r", (join) =>
      join.onRef("r.organization_id", "=", "v.organization_id").onRef("r.id", "=", "v.training_run_id"),
    )
    .select("r.id")
    .where("v.organization_id", "=", ctx.organizationId)
    .where("v.id", "=", versionId)
    .where("r.dataset_id", "is not", null)
    .executeTakeFirst();
  return row !== undefined;
}

export interface ReportRow {
  kind: string;
  verdict: string;
  sentence: string | null;
  report: unknown;
}

export async function selectReports(ctx: TenantContext, runId: string): Promise<ReportRow[]> {
  return ctx.tx
    .selectFrom("evaluation_reports")
    .select(["kind", "verdict", "sentence", "report"])
    .where("organization_id", "=", ctx.organizationId)
    .where("evaluation_run_id", "=", runId)
    .execute();
}

/** The newest report of a kind on a version, with the moment at which its run read the cases. */
export async function selectNewestReport(
  ctx: TenantContext,
  versionId: string,
  kind: ReportKind,
): Promise<{ verdict: string; sentence: string | null; casesReadAt: Date } | undefined> {
  const row = await ctx.tx
    .selectFrom("evaluation_reports as r")
    .innerJoin("evaluation_runs as e", (join) =>
      join.onRef("e.organization_id", "=", "r.organization_id").onRef("e.id", "=", "r.evaluation_run_id"),
    )
    .select(["r.verdict", "r.sentence", "e.started_at", "e.created_at"])
    .where("r.organization_id", "=", ctx.organizationId)
    .where("r.candidate_version_id", "=", versionId)
    .where("r.kind", "=", kind)
    .orderBy("r.created_at", "desc")
    .orderBy("r.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { verdict: row.verdict, sentence: row.sentence, casesReadAt: row.started_at ?? row.created_at };
}

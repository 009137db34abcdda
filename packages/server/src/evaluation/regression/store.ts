import type {
  CaseEvaluator,
  JsonValue,
  RegressionCase,
  UpdateRegressionCase,
} from "@agent-learning/contract";
import type { Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { RegressionCasesTable } from "../../database/schema.ts";
import { newId } from "../../new-id.ts";

export type CaseRow = Selectable<RegressionCasesTable>;

/** Cases of an agent that a gate runs at most; more would make every candidate wait. */
export const MOST_CASES = 5_000;

/** A row as the wire shows it. */
export function presentCase(row: CaseRow): RegressionCase {
  return {
    id: row.id,
    agent_id: row.agent_id,
    learning_example_id: row.learning_example_id,
    source_execution_id: row.source_execution_id,
    input_text: row.input_text,
    input_context: row.input_context as Record<string, JsonValue>,
    expected_output: row.expected_output,
    evaluator: row.evaluator as { kind: CaseEvaluator },
    slice: row.slice,
    is_pinned: row.is_pinned,
    is_active: row.is_active,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
  };
}

export interface NewCase {
  agentId: string;
  learningExampleId: string | null;
  sourceExecutionId: string | null;
  inputText: string;
  inputContext: unknown;
  expectedOutput: string;
  evaluator: { kind: CaseEvaluator };
  slice: string;
  isPinned: boolean;
  createdBy: string | null;
}

export async function insertCase(ctx: TenantContext, row: NewCase): Promise<CaseRow> {
  return ctx.tx
    .insertInto("regression_cases")
    .values({
      organization_id: ctx.organizationId,
      id: newId(),
      agent_id: row.agentId,
      learning_example_id: row.learningExampleId,
      source_execution_id: row.sourceExecutionId,
      input_text: row.inputText,
      input_context: json(row.inputContext),
      expected_output: row.expectedOutput,
      evaluator: json(row.evaluator),
      slice: row.slice,
      is_pinned: row.isPinned,
      created_by: row.createdBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first; ids are UUIDv7. */
export async function readCases(
  ctx: TenantContext,
  agentId: string,
  limit: number,
  beforeId: string | undefined,
): Promise<CaseRow[]> {
  let query = ctx.tx
    .selectFrom("regression_cases")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** The newest active cases of an agent, up to MOST_CASES. */
export async function readActiveCases(ctx: TenantContext, agentId: string): Promise<CaseRow[]> {
  return ctx.tx
    .selectFrom("regression_cases")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("is_active", "=", true)
    .orderBy("id", "desc")
    .limit(MOST_CASES)
    .execute();
}

export async function changeCase(
  ctx: TenantContext,
  id: string,
  change: UpdateRegressionCase,
): Promise<CaseRow | undefined> {
  return ctx.tx
    .updateTable("regression_cases")
    .set({
      ...(change.is_pinned === undefined ? {} : { is_pinned: change.is_pinned }),
      ...(change.is_active === undefined ? {} : { is_active: change.is_active }),
      ...(change.slice === undefined ? {} : { slice: change.slice }),
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** Keeps a report; `verdict` is passed or failed. */
export async function insertRegressionReport(
  ctx: TenantContext,
  report: {
    agentId: string;
    candidateVersionId: string;
    baselineVersionId: string | null;
    verdict: "passed" | "failed";
    report: unknown;
  },
): Promise<{ id: string; created_at: Date }> {
  return ctx.tx
    .insertInto("evaluation_reports")
    .values({
      organization_id: ctx.organizationId,
      id: newId(),
      agent_id: report.agentId,
      candidate_version_id: report.candidateVersionId,
      baseline_version_id: report.baselineVersionId,
      kind: "regression",
      verdict: report.verdict,
      report: json(report.report),
    })
    .returning(["id", "created_at"])
    .executeTakeFirstOrThrow();
}

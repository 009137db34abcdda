import type {
  CaseEvaluator,
  JsonValue,
  RegressionCase,
  UpdateRegressionCase,
} from "@agent-learning/contract";
import { type Selectable, sql } from "kysely";
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
    source_feedback_id: row.source_feedback_id,
    input_text: row.input_text,
    input_context: row.input_context as Record<string, JsonValue>,
    expected_output: row.expected_output,
    evaluator: row.evaluator as unknown as CaseEvaluator,
    slice: row.slice,
    slices: row.slices as unknown as string[],
    is_pinned: row.is_pinned,
    is_active: row.is_active,
    flakiness: row.flakiness,
    quarantine_reason: row.quarantine_reason,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
  };
}

export interface NewCase {
  agentId: string;
  learningExampleId: string | null;
  sourceExecutionId: string | null;
  sourceFeedbackId: string | null;
  inputText: string;
  inputContext: unknown;
  expectedOutput: string;
  evaluator: CaseEvaluator;
  slice: string;
  slices: readonly string[];
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
      source_feedback_id: row.sourceFeedbackId,
      input_text: row.inputText,
      input_context: json(row.inputContext),
      expected_output: row.expectedOutput,
      evaluator: json(row.evaluator),
      slice: row.slice,
      slices: json(row.slices),
      is_pinned: row.isPinned,
      created_by: row.createdBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** One pinning for an agent at a time: two of one execution would each find no case of it. */
export async function lockPinning(ctx: TenantContext, agentId: string): Promise<void> {
  const name = `regression-cases:${ctx.organizationId}:${agentId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx);
}

/** The active case of an execution, or of an example. */
export async function lockActiveCase(
  ctx: TenantContext,
  source: { sourceExecutionId: string | null; learningExampleId: string | null },
): Promise<CaseRow | undefined> {
  const active = ctx.tx
    .selectFrom("regression_cases")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("is_active", "=", true)
    .forUpdate();
  const { sourceExecutionId, learningExampleId } = source;
  const found =
    sourceExecutionId === null
      ? undefined
      : await active.where("source_execution_id", "=", sourceExecutionId).executeTakeFirst();
  if (found !== undefined || learningExampleId === null) return found;
  return active.where("learning_example_id", "=", learningExampleId).executeTakeFirst();
}

/** Gives a case new content; what is new about it is new to the next gate. The row as it was where nothing is. */
export async function replaceCase(
  ctx: TenantContext,
  row: CaseRow,
  content: Omit<NewCase, "agentId" | "learningExampleId" | "sourceExecutionId" | "createdBy">,
): Promise<CaseRow> {
  const changed = await sql<CaseRow>`
    UPDATE regression_cases SET source_feedback_id = COALESCE(${content.sourceFeedbackId}::uuid, source_feedback_id),
      input_text = ${content.inputText}, input_context = ${json(content.inputContext)}::jsonb, expected_output = ${content.expectedOutput},
      evaluator = ${json(content.evaluator)}::jsonb, slice = ${content.slice}, slices = ${json(content.slices)}::jsonb,
      is_pinned = ${content.isPinned}, pinned_at = learning_now(), flakiness = NULL, quarantine_reason = NULL
    WHERE organization_id = ${ctx.organizationId} AND id = ${row.id}
      AND (input_text, input_context, expected_output, evaluator, slice, slices, is_pinned)
        IS DISTINCT FROM (${content.inputText}, ${json(content.inputContext)}::jsonb, ${content.expectedOutput},
          ${json(content.evaluator)}::jsonb, ${content.slice}, ${json(content.slices)}::jsonb, ${content.isPinned})
    RETURNING *`.execute(ctx.tx);
  return changed.rows[0] ?? row;
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
      ...(change.slices === undefined ? {} : { slices: json(change.slices) }),
      // What is pinned, or active, again is new to the next gate.
      ...(change.is_pinned === true || change.is_active === true
        ? { pinned_at: sql<Date>`learning_now()` }
        : {}),
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** Active pinned cases of an agent that were pinned after a moment; all of them where none is given. */
export async function countPinnedSince(
  ctx: TenantContext,
  agentId: string,
  since: Date | undefined,
): Promise<number> {
  let query = ctx.tx
    .selectFrom("regression_cases")
    .select(({ fn }) => fn.countAll<string>().as("cases"))
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("is_active", "=", true)
    .where("is_pinned", "=", true);
  if (since !== undefined) query = query.where("pinned_at", ">", since);
  return Number((await query.executeTakeFirstOrThrow()).cases);
}

/** Keeps what a gate measured of each case: how flaky it is, and why it was set aside. */
export async function rememberStability(
  ctx: TenantContext,
  cases: readonly { id: string; flakiness: number | null; quarantineReason: string | null }[],
): Promise<void> {
  if (cases.length === 0) return;
  await sql`UPDATE regression_cases c SET flakiness = COALESCE(m.flakiness, c.flakiness), quarantine_reason = m.reason
    FROM jsonb_to_recordset(${json(cases.map((one) => ({ id: one.id, flakiness: one.flakiness, reason: one.quarantineReason })))}::jsonb)
      AS m(id uuid, flakiness numeric, reason text)
    WHERE c.organization_id = ${ctx.organizationId} AND c.id = m.id
      AND (c.quarantine_reason IS DISTINCT FROM m.reason OR (m.flakiness IS NOT NULL AND c.flakiness IS DISTINCT FROM m.flakiness))`.execute(
    ctx.tx,
  );
}

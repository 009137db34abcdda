import { isUuid } from "@agent-learning/contract";
import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { prepared } from "../../database/index.ts";
import type { StoredExecution } from "../evidence-observer.ts";
import {
  EXECUTION_COLUMNS,
  type PrefixedExecution,
  toStoredExecution,
} from "../executions/stored-execution.ts";
import type { NewPerson, PersonReference } from "../people/raters.ts";
import { findPerson, insertPeople } from "../people/store.ts";
import type { CounterLedger } from "../statistics/counters.ts";
import { foldInto } from "../statistics/store.ts";
import type { FeedbackRow, FeedbackWithExecution, NewRevision } from "./feedback-row.ts";

/** What a feedback names. */
export interface TargetQuery {
  agentId: string;
  /** The caller's own id of the execution, or ours. */
  executionReference: string;
  executionId: string | null;
  rater: PersonReference;
  isVote: boolean;
}

/** What of it is known. */
export interface Target {
  execution: StoredExecution | null;
  raterId: string | null;
  /** The rater's live vote on the execution. */
  liveVoteId: string | null;
}

/**
 * Looks up executions, raters and live votes, one for each query, and the time. `IS NOT DISTINCT FROM` keeps a planner that
 * has no statistics yet from walking the agent's rows instead of looking up the one.
 */
export async function findTargets(
  ctx: TenantContext,
  queries: readonly TargetQuery[],
): Promise<{ targets: Target[]; now: Date }> {
  const input = queries.map((query, n) => ({
    n,
    agent: query.agentId,
    execution: query.executionReference,
    execution_id: query.executionId,
    rater: query.rater.externalId,
    rater_id: query.rater.userId,
    vote: query.isVote,
  }));
  const { rows } = await sql<
    PrefixedExecution & { n: number; rater_id: string | null; vote_id: string | null; now: Date }
  >`
    ${prepared("find_feedback_targets")}
    SELECT i.n, ${EXECUTION_COLUMNS}, u.id AS rater_id, v.id AS vote_id,
      date_trunc('milliseconds', learning_now()) AS now
    FROM json_to_recordset(${JSON.stringify(input)}::json)
      AS i(n int, agent uuid, execution text, execution_id uuid, rater text, rater_id uuid, vote boolean)
    LEFT JOIN LATERAL (
      SELECT x.* FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
        AND x.external_id = i.execution AND x.agent_id IS NOT DISTINCT FROM i.agent
      UNION ALL
      SELECT x.* FROM agent_executions x WHERE x.organization_id = ${ctx.organizationId}
        AND x.id = i.execution_id AND x.agent_id IS NOT DISTINCT FROM i.agent
      LIMIT 1) e ON true
    LEFT JOIN LATERAL ${findPerson(ctx, { externalId: "i.rater", userId: "i.rater_id" })} u ON true
    LEFT JOIN LATERAL (
      SELECT f.id FROM agent_feedback f WHERE i.vote AND f.organization_id = ${ctx.organizationId}
        AND f.execution_id = e.id AND f.user_id = u.id AND f.satisfaction IS NOT NULL AND f.status = 'live'
      LIMIT 1) v ON true`.execute(ctx.tx);
  const targets: Target[] = [];
  for (const row of rows) {
    targets[row.n] = { execution: toStoredExecution(row), raterId: row.rater_id, liveVoteId: row.vote_id };
  }
  return { targets, now: rows[0]?.now ?? new Date() };
}

function feedbackJson(rows: readonly FeedbackRow[]): string {
  return JSON.stringify(rows);
}

const FEEDBACK_RECORD =
  sql.raw(`(id uuid, agent_id uuid, execution_id uuid, user_id uuid, feedback_type text, rating int,
  feedback_text text, correction_text text, issue_categories jsonb, dimensions jsonb, signal text, satisfaction float8,
  status text, version int, metadata jsonb, created_at timestamptz, updated_at timestamptz)`);

function insertHistory(ctx: TenantContext, revisions: readonly NewRevision[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO agent_feedback_history (organization_id, feedback_id, version, action, snapshot, actor_id, created_at)
    SELECT ${ctx.organizationId}::uuid, feedback_id, version, action, snapshot, actor_id, created_at
    FROM json_to_recordset(${JSON.stringify(revisions)}::json)
      AS r(feedback_id uuid, version int, action text, snapshot jsonb, actor_id uuid, created_at timestamptz)`;
}

/** What one statement writes. */
export interface FeedbackWrite {
  people: readonly NewPerson[];
  inserted: readonly FeedbackRow[];
  amended: readonly FeedbackRow[];
  revisions: readonly NewRevision[];
  ledger: CounterLedger;
  lane: number;
}

/**
 * Writes new and changed feedback with their people, history and counters. Rows to amend must have been locked. A unique
 * violation means that another transaction wrote the same vote or person: start again, and it will be found.
 */
export async function writeFeedback(ctx: TenantContext, write: FeedbackWrite): Promise<void> {
  // The order in which every transaction inserts votes, so that two that collide wait instead of deadlocking.
  const inserted = write.inserted.toSorted((a, b) =>
    a.execution_id === b.execution_id
      ? a.user_id < b.user_id
        ? -1
        : 1
      : a.execution_id < b.execution_id
        ? -1
        : 1,
  );
  const people = sql`people AS (${insertPeople(ctx, write.people)})`;
  const counters = sql`counters AS (${foldInto(ctx, write.ledger, write.lane)})`;
  const rows = sql`
    feedback AS (
      INSERT INTO agent_feedback (organization_id, id, agent_id, execution_id, user_id, feedback_type, rating, feedback_text,
        correction_text, issue_categories, dimensions, signal, satisfaction, status, version, metadata, created_at, updated_at)
      SELECT ${ctx.organizationId}::uuid, r.* FROM json_to_recordset(${feedbackJson(inserted)}::json) AS r${FEEDBACK_RECORD})`;
  if (write.amended.length === 0 && write.revisions.length === 0) {
    await sql`${prepared("insert_feedback")} WITH ${people}, ${rows}, ${counters} SELECT 1`.execute(ctx.tx);
    return;
  }
  const changes = sql`
    amended AS (
      UPDATE agent_feedback f SET feedback_type = r.feedback_type, rating = r.rating, feedback_text = r.feedback_text,
        correction_text = r.correction_text, issue_categories = r.issue_categories, dimensions = r.dimensions,
        signal = r.signal, satisfaction = r.satisfaction, status = r.status, version = r.version, metadata = r.metadata,
        updated_at = r.updated_at
      FROM json_to_recordset(${feedbackJson(write.amended)}::json) AS r${FEEDBACK_RECORD}
      WHERE f.organization_id = ${ctx.organizationId} AND f.id = r.id)`;
  await sql`${prepared("write_feedback")} WITH ${people}, ${rows}, ${changes}, history AS (${insertHistory(ctx, write.revisions)}), ${counters}
    SELECT 1`.execute(ctx.tx);
}

type JoinedRow = FeedbackRow & PrefixedExecution & { now: Date };

function split({ now, ...row }: JoinedRow): FeedbackWithExecution & { now: Date } {
  const execution = toStoredExecution(row);
  if (execution === null) throw new Error("a feedback without its execution");
  const feedback = Object.fromEntries(
    Object.entries(row).filter(([column]) => !column.startsWith("e_")),
  ) as unknown as FeedbackRow;
  return { feedback, execution, now };
}

const FEEDBACK_COLUMNS = sql.raw(
  `f.id, f.agent_id, f.execution_id, f.user_id, f.feedback_type, f.rating, f.feedback_text, f.correction_text,
   f.issue_categories, f.dimensions, f.signal, f.satisfaction, f.status, f.version, f.metadata, f.created_at, f.updated_at`,
);

/** Locks feedback until the end of the transaction and reads it as it is now, with the time. */
export async function lockFeedback(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<(FeedbackWithExecution & { now: Date })[]> {
  const { rows } = await sql<JoinedRow>`
    SELECT ${FEEDBACK_COLUMNS}, ${EXECUTION_COLUMNS}, date_trunc('milliseconds', learning_now()) AS now
    FROM agent_feedback f
    JOIN agent_executions e ON e.organization_id = f.organization_id AND e.id = f.execution_id
    WHERE f.organization_id = ${ctx.organizationId} AND f.id = ANY(${ids}::uuid[])
    ORDER BY f.id FOR UPDATE OF f`.execute(ctx.tx);
  return rows.map(split);
}

/** One feedback with its execution, or undefined. */
export async function readFeedback(
  ctx: TenantContext,
  id: string,
): Promise<FeedbackWithExecution | undefined> {
  const { rows } = await sql<JoinedRow>`
    SELECT ${FEEDBACK_COLUMNS}, ${EXECUTION_COLUMNS} FROM agent_feedback f
    JOIN agent_executions e ON e.organization_id = f.organization_id AND e.id = f.execution_id
    WHERE f.organization_id = ${ctx.organizationId} AND f.id = ${id}::uuid`.execute(ctx.tx);
  return rows[0] === undefined ? undefined : split(rows[0]);
}

export interface FeedbackFilter {
  agentId: string;
  status: "live" | "withdrawn" | undefined;
  feedbackType: string | undefined;
  executionReference: string | undefined;
  /** Slug of an issue category that it names. */
  issue: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

/** A feedback and the caller's own id of its execution. */
export type ListedFeedback = FeedbackRow & { execution_external_id: string };

/**
 * Up to `limit` rows, newest first, after a cursor. Stored times are whole milliseconds, as cursors are, so that the index
 * order is the cursor's order.
 */
export async function readFeedbackPage(
  ctx: TenantContext,
  filter: FeedbackFilter,
  limit: number,
  after: { time: Date; id: string } | undefined,
): Promise<ListedFeedback[]> {
  let query = ctx.tx
    .selectFrom("agent_feedback")
    .innerJoin("agent_executions", (join) =>
      join
        .onRef("agent_executions.organization_id", "=", "agent_feedback.organization_id")
        .onRef("agent_executions.id", "=", "agent_feedback.execution_id"),
    )
    .selectAll("agent_feedback")
    .select("agent_executions.external_id as execution_external_id")
    .where("agent_feedback.organization_id", "=", ctx.organizationId)
    .where("agent_feedback.agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("agent_feedback.status", "=", filter.status);
  if (filter.issue !== undefined) {
    query = query
      .innerJoin("agent_feedback_issues", (join) =>
        join
          .onRef("agent_feedback_issues.organization_id", "=", "agent_feedback.organization_id")
          .onRef("agent_feedback_issues.feedback_id", "=", "agent_feedback.id"),
      )
      .where("agent_feedback_issues.agent_id", "=", filter.agentId)
      .where("agent_feedback_issues.issue_category", "=", filter.issue);
    if (filter.status !== undefined)
      query = query.where(sql.ref("agent_feedback_issues.status"), "=", filter.status);
  }
  if (filter.feedbackType !== undefined) query = query.where("feedback_type", "=", filter.feedbackType);
  if (filter.executionReference !== undefined) {
    const reference = filter.executionReference;
    query = query
      .where("agent_executions.agent_id", "=", filter.agentId)
      .where((where) =>
        where.or([
          where("agent_executions.external_id", "=", reference),
          ...(isUuid(reference) ? [where("agent_executions.id", "=", reference)] : []),
        ]),
      );
  }
  // By the index that finds the rows: of the issue where there is one.
  const [createdAt, id] =
    filter.issue === undefined
      ? [sql.ref("agent_feedback.created_at"), sql.ref("agent_feedback.id")]
      : [sql.ref("agent_feedback_issues.created_at"), sql.ref("agent_feedback_issues.feedback_id")];
  if (filter.from !== undefined) query = query.where(createdAt, ">=", new Date(filter.from));
  if (filter.to !== undefined) query = query.where(createdAt, "<", new Date(filter.to));
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(${createdAt}, ${id}) < (${after.time}::timestamptz, ${after.id}::uuid)`,
    );
  }
  const rows = await query.orderBy(createdAt, "desc").orderBy(id, "desc").limit(limit).execute();
  return rows as unknown as ListedFeedback[];
}

/** What a feedback was before each change, oldest first. */
export async function readHistory(ctx: TenantContext, feedbackId: string): Promise<NewRevision[]> {
  const rows = await ctx.tx
    .selectFrom("agent_feedback_history")
    .select(["feedback_id", "version", "action", "snapshot", "actor_id", "created_at"])
    .where("organization_id", "=", ctx.organizationId)
    .where("feedback_id", "=", feedbackId)
    .orderBy("version")
    .execute();
  return rows as unknown as NewRevision[];
}

const RECENT_ROWS = 2_000;
const EXAMPLES = 3;

/** The newest live feedback that names each issue, looked for among the agent's newest 2,000. */
export async function readRecentByIssue(
  ctx: TenantContext,
  agentId: string,
): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await sql<{ issue: string; ids: string[] }>`
    SELECT issue, (array_agg(id::text ORDER BY created_at DESC, id DESC))[1:${sql.lit(EXAMPLES)}] AS ids
    FROM (
      SELECT id, created_at, issue_categories FROM agent_feedback
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND status = 'live'
      ORDER BY created_at DESC, id DESC LIMIT ${sql.lit(RECENT_ROWS)}) AS recent,
      jsonb_array_elements_text(issue_categories) AS issue
    GROUP BY issue`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.issue, row.ids]));
}

import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { asSystem } from "../../database/index.ts";
import { inIndexOrder } from "../tasks/index.ts";

/** An agent whose policy has its evidence emptied. */
export interface RetainingAgent {
  id: string;
  days: number;
}

export async function readRetainingAgents(ctx: TenantContext): Promise<RetainingAgent[]> {
  const { rows } = await sql<RetainingAgent>`
    SELECT id, (policy->'privacy'->>'retention_days')::int AS days FROM agents
    WHERE organization_id = ${ctx.organizationId} AND policy->'privacy'->>'retention_days' IS NOT NULL ORDER BY id`.execute(
    ctx.tx,
  );
  return rows;
}

/** A stretch of an agent's evidence: after `from`, up to and including `until`. */
export interface Stretch {
  from: Date;
  until: Date;
  /** More is due. */
  isCut: boolean;
}

/**
 * The next stretch that is due, the agent's mark locked: about so many rows of each table, and all of one moment together. undefined
 * where nothing is due.
 */
export async function lockStretch(
  ctx: TenantContext,
  agent: RetainingAgent,
  limit: number,
): Promise<Stretch | undefined> {
  await sql`INSERT INTO retention_marks (organization_id, agent_id, emptied_until)
    VALUES (${ctx.organizationId}, ${agent.id}, '-infinity'::timestamptz) ON CONFLICT DO NOTHING`.execute(
    ctx.tx,
  );
  // Infinity is no date here.
  const { rows } = await sql<{ from: Date; cutoff: Date }>`
    SELECT GREATEST(emptied_until, '1970-01-01'::timestamptz) AS "from", learning_now() - make_interval(days => ${agent.days}::int) AS cutoff
    FROM retention_marks WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agent.id} FOR UPDATE`.execute(
    ctx.tx,
  );
  const mark = rows[0];
  if (mark === undefined || mark.from >= mark.cutoff) return undefined;
  const ends: Date[] = [];
  for (const table of ["agent_executions", "agent_feedback"]) {
    const found = await inIndexOrder(ctx, () =>
      sql<{ created_at: Date }>`
        SELECT created_at FROM ${sql.table(table)} WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agent.id}
          AND created_at > ${mark.from} AND created_at <= ${mark.cutoff}
        ORDER BY created_at, id LIMIT ${limit}`.execute(ctx.tx),
    );
    const last = found.rows.at(-1);
    // A date has milliseconds, a row microseconds: one more, so that its own row is not left behind.
    if (found.rows.length === limit && last !== undefined) ends.push(new Date(last.created_at.getTime() + 1));
  }
  const first = Math.min(mark.cutoff.getTime(), ...ends.map((end) => end.getTime()));
  return { from: mark.from, until: new Date(first), isCut: first < mark.cutoff.getTime() };
}

/** Examples of the stretch's executions that nobody approved and no frozen dataset holds. */
export async function readUnapproved(
  ctx: TenantContext,
  agentId: string,
  { from, until }: Stretch,
): Promise<{ id: string; agent_id: string }[]> {
  const { rows } = await sql<{ id: string; agent_id: string }>`
    SELECT DISTINCT x.id, x.agent_id FROM agent_executions e
    CROSS JOIN LATERAL (
      (SELECT * FROM learning_examples l
      WHERE l.organization_id = ${ctx.organizationId} AND l.source_execution_id = e.id OFFSET 0)
      UNION ALL (SELECT * FROM learning_examples l
      WHERE l.organization_id = ${ctx.organizationId} AND l.execution_b_id = e.id OFFSET 0)) AS x
    WHERE e.organization_id = ${ctx.organizationId} AND e.agent_id = ${agentId} AND e.created_at > ${from} AND e.created_at <= ${until}
      AND (x.review_status <> 'approved' OR x.source_type = 'spot_check') AND NOT EXISTS (
        SELECT 1 FROM training_dataset_items i
        JOIN training_datasets d ON d.organization_id = i.organization_id AND d.id = i.dataset_id
        WHERE i.organization_id = x.organization_id AND i.learning_example_id = x.id AND d.status <> 'draft')`.execute(
    ctx.tx,
  );
  return rows;
}

const EXPIRED = "[expired]";

/** Empties a stretch. @returns rows by table */
export async function emptyStretch(
  ctx: TenantContext,
  agentId: string,
  { from, until }: Stretch,
  exampleIds: readonly string[],
): Promise<Record<string, number>> {
  const mine = sql`t.organization_id = ${ctx.organizationId} AND t.agent_id = ${agentId}`;
  const aged = sql`t.created_at > ${from} AND t.created_at <= ${until}`;
  const statements = {
    agent_feedback_history: sql`DELETE FROM agent_feedback_history h USING agent_feedback t
      WHERE ${mine} AND ${aged} AND h.organization_id = t.organization_id AND h.feedback_id = t.id`,
    agent_feedback: sql`UPDATE agent_feedback t SET feedback_text = NULL, metadata = '{}',
      correction_text = CASE WHEN correction_text IS NULL THEN NULL ELSE ${EXPIRED} END WHERE ${mine} AND ${aged}`,
    retrievals: sql`UPDATE retrievals t SET query_text = ${EXPIRED}, excerpts = NULL WHERE ${mine} AND ${aged}`,
    agent_executions: sql`UPDATE agent_executions t SET input_text = ${EXPIRED}, input_context = '{}', metadata = '{}', error_message = NULL,
      output_text = CASE WHEN output_text IS NULL THEN NULL ELSE ${EXPIRED} END WHERE ${mine} AND ${aged}`,
    learning_examples: sql`UPDATE learning_examples t SET input_text = ${EXPIRED}, input_context = '{}', expected_output = ${EXPIRED},
      original_output = CASE WHEN original_output IS NULL THEN NULL ELSE ${EXPIRED} END,
      output_a = CASE WHEN output_a IS NULL THEN NULL ELSE ${EXPIRED} END, output_b = CASE WHEN output_b IS NULL THEN NULL ELSE ${EXPIRED} END,
      review_notes = NULL, is_active = false, review_status = CASE WHEN review_status = 'rejected' THEN 'rejected' ELSE 'withdrawn' END,
      version = version + 1, updated_at = learning_now()
      FROM unnest(${exampleIds}::uuid[]) AS expired(id) WHERE t.organization_id = ${ctx.organizationId} AND t.id = expired.id`,
    expert_annotations: sql`UPDATE expert_annotations t SET annotation_data = jsonb_build_object('decision', decision, 'expired', true),
      notes = NULL, improvement_suggestions = NULL
      FROM unnest(${exampleIds}::uuid[]) AS expired(id)
      WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = expired.id`,
  };
  const emptied: Record<string, number> = {};
  // Annotations are append-only for everybody else.
  await asSystem(ctx.tx, async () => {
    for (const [table, statement] of Object.entries(statements)) {
      const { numAffectedRows } = await statement.execute(ctx.tx);
      const rows = Number(numAffectedRows ?? 0n);
      if (rows > 0) emptied[table] = rows;
    }
  });
  return emptied;
}

export async function moveMark(
  ctx: TenantContext,
  agentId: string,
  until: Date,
  rows: number,
): Promise<void> {
  await sql`UPDATE retention_marks SET emptied_until = ${until}, emptied_rows = emptied_rows + ${rows}::bigint, updated_at = learning_now()
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId}`.execute(ctx.tx);
}

import type { Contribution, Suspicion } from "@agent-learning/learning";
import { type Selectable, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import type { ContributionSuspicionsTable } from "../../database/schema.ts";

export type SuspicionRow = Selectable<ContributionSuspicionsTable>;

/** One review of an agent's contributions at a time. */
export async function lockReview(ctx: TenantContext, agentId: string): Promise<void> {
  const name = `trust:${ctx.organizationId}:${agentId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx);
}

/** Corrections of end users, newest first, with what was decided on them before. */
export async function readContributions(
  ctx: TenantContext,
  agentId: string,
  limit: number,
): Promise<(Contribution & { quarantine: string | null })[]> {
  const { rows } = await sql<{
    id: string;
    contributor: string;
    at: Date;
    first_seen_at: Date;
    input: string;
    output: string;
    quarantine: string | null;
  }>`
    SELECT x.id, x.source_user_id AS contributor, x.created_at AS at, u.created_at AS first_seen_at,
      x.input_text AS input, x.expected_output AS output, x.quarantine
    FROM (SELECT * FROM learning_examples e
      WHERE e.organization_id = ${ctx.organizationId} AND e.agent_id = ${agentId} AND e.source_type = 'user_feedback'
        AND e.example_type = 'correction' AND e.is_active ORDER BY e.id DESC LIMIT ${limit}) AS x
    JOIN users u ON u.organization_id = x.organization_id AND u.id = x.source_user_id AND u.kind = 'end_user'
    ORDER BY x.id DESC`.execute(ctx.tx);
  return rows.map(({ contributor, at, first_seen_at, ...row }) => ({
    ...row,
    contributorId: contributor,
    at: at.getTime(),
    firstSeenAt: first_seen_at.getTime(),
  }));
}

/** The newest examples that somebody other than their annotator verified. */
export async function readVerified(
  ctx: TenantContext,
  agentId: string,
  limit: number,
): Promise<{ input: string; output: string; exampleId: string }[]> {
  const { rows } = await sql<{ input: string; output: string; exampleId: string }>`
    SELECT x.input_text AS input, x.expected_output AS output, x.id AS "exampleId" FROM learning_examples x
    WHERE x.organization_id = ${ctx.organizationId} AND x.agent_id = ${agentId} AND x.review_status = 'approved' AND x.is_active
      AND x.expected_output <> '' AND x.quarantine IS DISTINCT FROM 'held'
      AND EXISTS (SELECT 1 FROM expert_annotations a WHERE a.organization_id = x.organization_id
        AND a.learning_example_id = x.id AND a.is_verified AND a.verified_by <> a.expert_id AND a.decision = 'approve')
    ORDER BY x.id DESC LIMIT ${limit}`.execute(ctx.tx);
  return rows;
}

/** Holds examples back that nobody has decided on. @returns their ids */
export async function holdExamples(ctx: TenantContext, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    UPDATE learning_examples SET quarantine = 'held', version = version + 1, updated_at = learning_now()
    WHERE organization_id = ${ctx.organizationId} AND id = ANY(${ids}::uuid[]) AND quarantine IS NULL
    RETURNING id`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

export async function insertSuspicion(
  ctx: TenantContext,
  suspicion: Omit<Suspicion, "contributionIds"> & {
    id: string;
    agentId: string;
    exampleIds: readonly string[];
  },
): Promise<SuspicionRow> {
  return ctx.tx
    .insertInto("contribution_suspicions")
    .values({
      organization_id: ctx.organizationId,
      id: suspicion.id,
      agent_id: suspicion.agentId,
      detector: suspicion.detector,
      example_ids: json(suspicion.exampleIds),
      contributor_ids: json(suspicion.contributorIds),
      // A tail below the smallest number is still a number in JSON.
      ln_p_value: Math.max(-1e6, suspicion.lnPValue),
      sentence: suspicion.sentence,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first; ids are UUIDv7. */
export async function readSuspicions(
  ctx: TenantContext,
  filter: { agentId: string; status: string | undefined; beforeId: string | undefined; limit: number },
): Promise<SuspicionRow[]> {
  let query = ctx.tx
    .selectFrom("contribution_suspicions")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", filter.agentId);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

export async function lockSuspicion(ctx: TenantContext, id: string): Promise<SuspicionRow | undefined> {
  return ctx.tx
    .selectFrom("contribution_suspicions")
    .selectAll()
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** Writes a decision on the suspicion and on what it holds. @returns the suspicion, and the examples that are learned from no more */
export async function writeDecision(
  ctx: TenantContext,
  suspicion: SuspicionRow,
  decision: { status: "released" | "confirmed"; decidedBy: string; notes: string | null },
): Promise<{ row: SuspicionRow; retired: { id: string; agent_id: string }[] }> {
  const confirmed = decision.status === "confirmed";
  const { rows } = await sql<{ id: string; agent_id: string }>`
    UPDATE learning_examples SET quarantine = ${decision.status}, is_active = is_active AND ${!confirmed},
      version = version + 1, updated_at = learning_now()
    WHERE organization_id = ${ctx.organizationId} AND quarantine = 'held'
      AND id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(suspicion.example_ids)}::jsonb))
    RETURNING id, agent_id`.execute(ctx.tx);
  const row = await ctx.tx
    .updateTable("contribution_suspicions")
    .set({
      status: decision.status,
      decided_by: decision.decidedBy,
      decided_at: sql<Date>`learning_now()`,
      notes: decision.notes,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", suspicion.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, retired: confirmed ? rows : [] };
}

/** Puts the frozen datasets away that hold one of the examples. @returns their ids */
export async function archiveHolding(
  ctx: TenantContext,
  examples: readonly { id: string }[],
): Promise<string[]> {
  if (examples.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    UPDATE training_datasets d SET status = 'archived', revision = revision + 1, updated_at = learning_now()
    WHERE d.organization_id = ${ctx.organizationId} AND d.status = 'frozen' AND d.id IN (
      SELECT i.dataset_id FROM unnest(${examples.map(({ id }) => id)}::uuid[]) AS own(id)
      CROSS JOIN LATERAL (SELECT dataset_id FROM training_dataset_items t
        WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = own.id OFFSET 0) AS i)
    RETURNING d.id`.execute(ctx.tx);
  return rows.map(({ id }) => id).sort();
}

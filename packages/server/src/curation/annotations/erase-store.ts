import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { asSystem } from "../../database/index.ts";
import type { Settlement } from "../examples/index.ts";
import { type CounterLedger, qualityMetric } from "../statistics/index.ts";
import type { AnnotationRow } from "./store.ts";

/** One counter of one day, as the database adds it up. */
interface Counted {
  agent_id: string;
  day: string;
  metric: string;
  count: number;
  sum: number;
  sum_squares: number;
}

/** Takes what rows of `agent_id, day, metric, count, sum, sum_squares` counted out of a ledger. */
async function takeBack(
  ctx: TenantContext,
  ledger: CounterLedger,
  counted: RawBuilder<unknown>,
): Promise<void> {
  const { rows } = await sql<Counted>`${counted}`.execute(ctx.tx);
  for (const { agent_id, day, metric, count, sum, sum_squares } of rows) {
    ledger.add(agent_id, day, new Map([[metric, { count, sum, sumSquares: sum_squares }]]), -1);
  }
}

/** The mean of the dimensions that an annotation `a` gives, added up in the order in which they were when it was counted. */
export const MEAN: RawBuilder<unknown> = sql`(COALESCE(a.technical_accuracy::float8, 0) + COALESCE(a.professional_quality::float8, 0)
  + COALESCE(a.completeness::float8, 0) + COALESCE(a.clarity::float8, 0))
  / NULLIF(num_nonnulls(a.technical_accuracy, a.professional_quality, a.completeness, a.clarity), 0)`;

/** Annotations by a person, and by whomever of these examples. */
export function annotationsOf(
  ctx: TenantContext,
  userId: string,
  exampleIds: readonly string[],
): RawBuilder<unknown> {
  return sql`
    SELECT * FROM expert_annotations WHERE organization_id = ${ctx.organizationId} AND expert_id = ${userId}
    UNION SELECT o.* FROM unnest(${exampleIds}::uuid[]) AS own(id) CROSS JOIN LATERAL (
      SELECT * FROM expert_annotations e
      WHERE e.organization_id = ${ctx.organizationId} AND e.learning_example_id = own.id OFFSET 0) AS o`;
}

/** Takes back what annotations were counted as: work of their day, and, but for gold, the quality that they gave. */
export async function takeBackAnnotations(
  ctx: TenantContext,
  ledger: CounterLedger,
  userId: string,
  exampleIds: readonly string[],
): Promise<void> {
  await takeBack(
    ctx,
    ledger,
    sql`
    WITH counted AS (
      SELECT a.agent_id, (a.created_at AT TIME ZONE 'UTC')::date AS day, a.decision, ${MEAN} AS mean, COALESCE(t.is_gold, false) AS is_gold
      FROM (${annotationsOf(ctx, userId, exampleIds)}) AS a
      LEFT JOIN annotation_tasks t ON t.organization_id = a.organization_id AND t.id = a.annotation_task_id)
    SELECT agent_id, day, 'annotations' AS metric, count(*)::int AS count, 0::float8 AS sum, 0::float8 AS sum_squares
    FROM counted GROUP BY agent_id, day
    UNION ALL
    SELECT agent_id, day, CASE decision WHEN 'approve' THEN ${qualityMetric("approve")} ELSE ${qualityMetric("reject")} END,
      count(*)::int, sum(mean), sum(mean * mean)
    FROM counted WHERE NOT is_gold AND mean IS NOT NULL GROUP BY agent_id, day, decision`,
  );
}

/** Takes back what the examples were counted as when they were made, and under which quality when they were settled. */
export async function takeBackExamples(
  ctx: TenantContext,
  ledger: CounterLedger,
  exampleIds: readonly string[],
  gauge: { day: string; metric: string },
): Promise<void> {
  await takeBack(
    ctx,
    ledger,
    sql`
    WITH own AS (
      SELECT x.agent_id, x.example_type, (x.created_at AT TIME ZONE 'UTC')::date AS made, (x.reviewed_at AT TIME ZONE 'UTC')::date AS settled,
        LEAST(9, floor(x.quality_score * 10))::int AS tenth
      FROM unnest(${exampleIds}::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
        SELECT * FROM learning_examples e
        WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS x),
    counted AS (
      SELECT agent_id, made AS day, 'examples' AS metric FROM own
      UNION ALL SELECT agent_id, made, 'examples:' || example_type FROM own
      UNION ALL SELECT agent_id, ${gauge.day}::date, ${gauge.metric} FROM own
      UNION ALL SELECT agent_id, settled, 'quality:' || tenth FROM own WHERE tenth IS NOT NULL AND settled IS NOT NULL)
    SELECT agent_id, day, metric, count(*)::int AS count, 0::float8 AS sum, 0::float8 AS sum_squares
    FROM counted GROUP BY agent_id, day, metric`,
  );
}

/** Removes every annotation of these examples. @returns how many */
export async function deleteAnnotationsOf(
  ctx: TenantContext,
  exampleIds: readonly string[],
): Promise<number> {
  if (exampleIds.length === 0) return 0;
  const result = await asSystem(ctx.tx, () =>
    sql`
      DELETE FROM expert_annotations a USING unnest(${exampleIds}::uuid[]) AS own(id)
      WHERE a.organization_id = ${ctx.organizationId} AND a.learning_example_id = own.id`.execute(ctx.tx),
  );
  return Number(result.numAffectedRows ?? 0n);
}

/** Up to `limit` examples that a person annotated, the first by id. */
export async function readAnnotatedBy(ctx: TenantContext, userId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT learning_example_id AS id FROM (
      SELECT learning_example_id FROM expert_annotations
      WHERE organization_id = ${ctx.organizationId} AND expert_id = ${userId} ORDER BY id LIMIT ${limit}) AS oldest
    ORDER BY 1`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

/** Removes a person's annotations of one example, and returns what they were. */
export async function takeAnnotations(
  ctx: TenantContext,
  userId: string,
  exampleId: string,
): Promise<AnnotationRow[]> {
  return asSystem(ctx.tx, () =>
    ctx.tx
      .deleteFrom("expert_annotations")
      .where("organization_id", "=", ctx.organizationId)
      .where("expert_id", "=", userId)
      .where("learning_example_id", "=", exampleId)
      .returningAll()
      .execute(),
  );
}

/** What others wrote is verified by this person no more. */
export async function unverify(ctx: TenantContext, userId: string): Promise<void> {
  await ctx.tx
    .updateTable("expert_annotations")
    .set({ is_verified: false, verified_by: null, verified_at: null })
    .where("organization_id", "=", ctx.organizationId)
    .where("verified_by", "=", userId)
    .execute();
}

/**
 * Removes the known answers that a person gave, or that are of these examples, and every grade by them.
 * @returns the examples that were gold until now
 */
export async function deleteGold(
  ctx: TenantContext,
  userId: string,
  exampleIds: readonly string[],
): Promise<{ id: string; agent_id: string }[]> {
  return asSystem(ctx.tx, async () => {
    const { rows } = await sql<{ id: string; agent_id: string; retired_at: Date | null }>`
      DELETE FROM gold_answers WHERE organization_id = ${ctx.organizationId}
        AND (created_by = ${userId} OR learning_example_id = ANY(${exampleIds}::uuid[]))
      RETURNING learning_example_id AS id, agent_id, retired_at`.execute(ctx.tx);
    await sql`
      UPDATE expert_annotations a SET gold_agreed = NULL FROM unnest(${rows.map(({ id }) => id)}::uuid[]) AS gold(id)
      WHERE a.organization_id = ${ctx.organizationId} AND a.learning_example_id = gold.id AND a.gold_agreed IS NOT NULL`.execute(
      ctx.tx,
    );
    return rows.filter(({ retired_at }) => retired_at === null);
  });
}

/**
 * Deals with the tasks of an example that lost a person's annotations. An adjudication that is wanted or was theirs goes: what it was
 * about is told anew.
 * @param taskIds of the annotations that are gone
 * @param want what becomes of these: wanted again; cancelled, as the rest of an example that is out of review; or left alone
 */
export async function changeSlots(
  ctx: TenantContext,
  exampleId: string,
  taskIds: readonly string[],
  want: "again" | "cancelled" | "no",
): Promise<void> {
  await asSystem(ctx.tx, async () => {
    await sql`
      DELETE FROM annotation_tasks t
      WHERE t.organization_id = ${ctx.organizationId} AND t.learning_example_id = ${exampleId} AND t.kind = 'adjudication'
        AND t.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM expert_annotations a
          WHERE a.organization_id = t.organization_id AND a.annotation_task_id = t.id)`.execute(ctx.tx);
    if (want === "no") return;
    await sql`
      UPDATE annotation_tasks SET status = ${want === "again" ? "open" : "cancelled"}, claimed_by = NULL, completed_at = NULL,
        fencing_token = fencing_token + 1
      WHERE organization_id = ${ctx.organizationId} AND learning_example_id = ${exampleId} AND id = ANY(${taskIds}::uuid[])
        AND kind = 'annotation' AND NOT is_gold`.execute(ctx.tx);
  });
}

/** What an example says and how its review stands, after a person's part in it is gone. The caller holds the row. */
export async function writeRetold(
  ctx: TenantContext,
  id: string,
  retold: {
    status: string | null;
    qualityScore: number | null;
    expectedOutput: string;
    preferred?: Settlement["preferred"];
    reviewedBy: string | null;
    reviewedAt: Date | null;
    reviewNotes: string | null;
  },
): Promise<void> {
  await ctx.tx
    .updateTable("learning_examples")
    .set({
      review_status: retold.status,
      quality_score: retold.qualityScore,
      expected_output: retold.expectedOutput,
      ...(retold.preferred === undefined
        ? {}
        : { preferred_output: retold.preferred.output, preference_strength: retold.preferred.strength }),
      reviewed_by: retold.reviewedBy,
      reviewed_at: retold.reviewedAt,
      review_notes: retold.reviewNotes,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", id)
    .execute();
}

/** What the feedback that made an example had for a correction, while it is live. */
export async function readCorrection(ctx: TenantContext, feedbackId: string): Promise<string | null> {
  const row = await ctx.tx
    .selectFrom("agent_feedback")
    .select("correction_text")
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", feedbackId)
    .where("status", "=", "live")
    .executeTakeFirst();
  return row?.correction_text ?? null;
}

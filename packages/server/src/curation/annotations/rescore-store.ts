import type { Decision } from "@agent-learning/contract";
import { type GoldRecord } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { NEWEST_GOLD, weightOfRecord } from "./annotator-weights.ts";
import { annotationsOf, MEAN } from "./erase-store.ts";
import type { AnnotationRow } from "./store.ts";

/** From when on an agent's scores lean on what a person said. */
export interface Leaning {
  agentId: string;
  since: Date;
}

/**
 * The agents whose scores lean on a person's annotations, on annotations of their examples, or on weights by known answers that go with
 * them, and since when. Weights count for every agent.
 */
export async function readLeanings(
  ctx: TenantContext,
  userId: string,
  exampleIds: readonly string[],
): Promise<Leaning[]> {
  const { rows } = await sql<{ agent_id: string; since: Date }>`
    WITH gold AS (
      SELECT min(a.created_at) AS since FROM gold_answers g
      JOIN expert_annotations a ON a.organization_id = g.organization_id AND a.learning_example_id = g.learning_example_id
      WHERE g.organization_id = ${ctx.organizationId} AND a.gold_agreed IS NOT NULL
        AND (g.created_by = ${userId} OR g.learning_example_id = ANY(${exampleIds}::uuid[])))
    SELECT agent_id, min(since) AS since FROM (
      SELECT a.agent_id, a.created_at AS since FROM (${annotationsOf(ctx, userId, exampleIds)}) AS a
      UNION ALL
      SELECT x.id, gold.since FROM gold CROSS JOIN agents x
      WHERE x.organization_id = ${ctx.organizationId} AND gold.since IS NOT NULL) AS leaning
    GROUP BY agent_id`.execute(ctx.tx);
  return rows.map(({ agent_id, since }) => ({ agentId: agent_id, since }));
}

/** An annotation as the agent's means saw it, and the review that it settled. */
export interface SaidInTurn {
  id: string;
  /** The day on which it was counted, as `YYYY-MM-DD`. */
  day: string;
  decision: Decision;
  /** What it says of quality; null where it counted for none: gold, and no dimension given. */
  quality: number | null;
  learning_example_id: string;
  /** Whether it is the last of an example that was settled with a score, at or after the time asked for. */
  settles: boolean;
}

/** An agent's annotations of the last `days` days before `since` and of all days after, in the order in which they came. */
export async function readInTurn(
  ctx: TenantContext,
  { agentId, since }: Leaning,
  page: { days: number; after: string | undefined; limit: number },
): Promise<SaidInTurn[]> {
  const { rows } = await sql<SaidInTurn>`
    SELECT a.id, to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, a.decision, a.learning_example_id,
      CASE WHEN COALESCE(t.is_gold, false) THEN NULL ELSE ${MEAN} END AS quality,
      a.created_at >= ${since}::timestamptz AND NOT COALESCE(t.is_gold, false) AND x.quality_score IS NOT NULL
        AND x.review_status IN ('approved', 'rejected')
        AND NOT EXISTS (SELECT 1 FROM expert_annotations b
          WHERE b.organization_id = a.organization_id AND b.learning_example_id = a.learning_example_id AND b.id > a.id) AS settles
    FROM expert_annotations a
    JOIN learning_examples x ON x.organization_id = a.organization_id AND x.id = a.learning_example_id
    LEFT JOIN annotation_tasks t ON t.organization_id = a.organization_id AND t.id = a.annotation_task_id
    WHERE a.organization_id = ${ctx.organizationId} AND a.agent_id = ${agentId}
      AND a.created_at >= ${since}::timestamptz - make_interval(days => ${page.days}::int)
      AND (${page.after ?? null}::uuid IS NULL OR a.id > ${page.after ?? null}::uuid)
    ORDER BY a.id LIMIT ${page.limit}`.execute(ctx.tx);
  return rows;
}

/** Every annotation of these examples, by example, in the order in which they came. */
export async function readAnnotationsOfEach(
  ctx: TenantContext,
  exampleIds: readonly string[],
): Promise<Map<string, AnnotationRow[]>> {
  const { rows } = await sql<AnnotationRow>`
    SELECT a.* FROM unnest(${exampleIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM expert_annotations e
      WHERE e.organization_id = ${ctx.organizationId} AND e.learning_example_id = wanted.id ORDER BY e.id) AS a
    ORDER BY a.learning_example_id, a.id`.execute(ctx.tx);
  return Map.groupBy(rows, (row) => row.learning_example_id);
}

/** Weights that people had when an annotation settled a review, by `ANNOTATION PERSON`. */
export async function readWeightsThen(
  ctx: TenantContext,
  wanted: readonly { annotationId: string; userId: string }[],
): Promise<Map<string, number>> {
  const { rows } = await sql<GoldRecord & { annotation_id: string; user_id: string }>`
    SELECT w.annotation_id, w.user_id, n.agreed, n.disagreed
    FROM unnest(${wanted.map(({ annotationId }) => annotationId)}::uuid[], ${wanted.map(({ userId }) => userId)}::uuid[])
      AS w(annotation_id, user_id)
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE gold_agreed)::int AS agreed, count(*) FILTER (WHERE NOT gold_agreed)::int AS disagreed
      FROM (SELECT gold_agreed FROM expert_annotations
        WHERE organization_id = ${ctx.organizationId} AND expert_id = w.user_id AND gold_agreed IS NOT NULL AND id < w.annotation_id
        ORDER BY id DESC LIMIT ${NEWEST_GOLD}) AS newest) AS n`.execute(ctx.tx);
  return new Map(
    rows.map(({ annotation_id, user_id, agreed, disagreed }) => [
      `${annotation_id} ${user_id}`,
      weightOfRecord({ agreed, disagreed }),
    ]),
  );
}

/** Gives an example another score, unless it changed since it was read. @returns whether it did */
export async function changeScore(
  ctx: TenantContext,
  example: { id: string; version: number },
  score: number,
): Promise<boolean> {
  const result = await ctx.tx
    .updateTable("learning_examples")
    .set({
      quality_score: score,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`learning_now()`,
    })
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", example.id)
    .where("version", "=", example.version)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

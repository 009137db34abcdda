import { type RawBuilder, sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { inIndexOrder } from "../tasks/index.ts";

/** What agreement is told from. */
export interface Judged {
  example_id: string;
  expert_id: string;
  decision: "approve" | "reject";
  is_gold: boolean;
  technical_accuracy: number | null;
  professional_quality: number | null;
  completeness: number | null;
  clarity: number | null;
}

/** The newest independent reviews of an agent, or of one queue. Adjudicators saw what others said: they are not among them. */
export async function readNewestReviews(
  ctx: TenantContext,
  filter: { agentId: string; queueId: string | undefined },
  limit: number,
): Promise<Judged[]> {
  const [where, order]: [RawBuilder<unknown>, RawBuilder<unknown>] =
    filter.queueId === undefined
      ? [sql`a.agent_id = ${filter.agentId}`, sql`a.id DESC`]
      : [sql`a.queue_id = ${filter.queueId}`, sql`a.created_at DESC`];
  const { rows } = await inIndexOrder(ctx, () =>
    sql<Judged>`
      SELECT newest.learning_example_id AS example_id, newest.expert_id, newest.decision, newest.gold_agreed IS NOT NULL AS is_gold,
        newest.technical_accuracy, newest.professional_quality, newest.completeness, newest.clarity
      FROM (SELECT * FROM expert_annotations a WHERE a.organization_id = ${ctx.organizationId} AND ${where}
        ORDER BY ${order} LIMIT ${limit}) AS newest
      WHERE newest.annotation_type = 'review'`.execute(ctx.tx),
  );
  return rows;
}

export async function readNames(
  ctx: TenantContext,
  userIds: readonly string[],
): Promise<Map<string, string | null>> {
  const { rows } = await sql<{ id: string; display_name: string | null }>`
    SELECT u.id, u.display_name FROM unnest(${userIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT id, display_name FROM users WHERE organization_id = ${ctx.organizationId} AND users.id = wanted.id OFFSET 0) AS u`.execute(
    ctx.tx,
  );
  return new Map(rows.map(({ id, display_name }) => [id, display_name]));
}

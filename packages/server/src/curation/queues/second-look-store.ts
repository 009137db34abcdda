import type { LabelledExample } from "@agent-learning/learning";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { newId } from "../../new-id.ts";

/** The newest approved, active examples with an output that no reviewer adjudicated. */
export async function readApprovedLabels(
  ctx: TenantContext,
  agentId: string,
  limit: number,
): Promise<LabelledExample[]> {
  const { rows } = await sql<{ id: string; input: string; label: string; group: string }>`
    SELECT x.id, x.input_text AS input, x.expected_output AS label, x.group_key AS "group" FROM (
      SELECT * FROM learning_examples e WHERE e.organization_id = ${ctx.organizationId} AND e.agent_id = ${agentId}
        AND e.review_status = 'approved' ORDER BY e.id DESC LIMIT ${limit}) AS x
    WHERE x.is_active AND x.expected_output <> '' AND x.example_type <> 'preference' AND NOT EXISTS (
      SELECT 1 FROM annotation_tasks t WHERE t.organization_id = x.organization_id AND t.learning_example_id = x.id AND t.slot = 0)`.execute(
    ctx.tx,
  );
  return rows;
}

/** Puts approved examples back into review with one more annotation each. @returns those that still were approved */
export async function reopenForReview(
  ctx: TenantContext,
  queueId: string,
  ids: readonly string[],
): Promise<string[]> {
  const slots = ids.map((id) => ({ id, task: newId() }));
  const { rows } = await sql<{ id: string }>`
    WITH reopened AS (
      UPDATE learning_examples x SET review_status = 'in_review', version = version + 1, updated_at = learning_now()
      FROM unnest(${ids}::uuid[]) AS wanted(id)
      WHERE x.organization_id = ${ctx.organizationId} AND x.id = wanted.id AND x.review_status = 'approved' AND x.is_active
      RETURNING x.organization_id, x.id, x.agent_id, x.source_user_id)
    INSERT INTO annotation_tasks (organization_id, id, learning_example_id, agent_id, slot, status, priority, contributor_id, queue_id)
    SELECT r.organization_id, s.task, r.id, r.agent_id,
      COALESCE((SELECT MAX(t.slot) FROM annotation_tasks t
        WHERE t.organization_id = r.organization_id AND t.learning_example_id = r.id), 0) + 1,
      'open', 999, r.source_user_id, ${queueId}::uuid
    FROM reopened r JOIN json_to_recordset(${JSON.stringify(slots)}::json) AS s(id uuid, task uuid) ON s.id = r.id
    RETURNING learning_example_id AS id`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

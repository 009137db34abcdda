import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/** One person's word on the two outputs of an approved pair. */
export interface JudgementRow {
  example_id: string;
  input_text: string;
  output_a: string;
  output_b: string;
  version_a: string | null;
  version_b: string | null;
  preferred: "A" | "B" | "tie";
  /** 1 to 5; null: nobody said. */
  strength: number | null;
  /** Which output was shown first; null: not known. */
  first: "A" | "B" | null;
  person: string;
}

/** Pairs that are looked at, the newest. */
export const MOST_PAIRS = 2_000;

/**
 * What people said of the newest approved pairs that may be learned from. A pair that nobody compared, but whose preference somebody
 * approved, is its contributor's word.
 */
export async function readJudgements(ctx: TenantContext, agentId: string): Promise<JudgementRow[]> {
  const { rows } = await sql<JudgementRow>`
    SELECT x.id AS example_id, x.input_text, x.output_a, x.output_b, x.version_a_id AS version_a, x.version_b_id AS version_b,
      COALESCE(a.said ->> 'preferred', x.preferred_output) AS preferred,
      CASE WHEN a.said IS NULL THEN x.preference_strength ELSE (a.said ->> 'strength')::int END AS strength,
      a.said ->> 'first' AS first, COALESCE(a.expert_id::text, x.source_user_id::text, 'nobody') AS person
    FROM (SELECT * FROM learning_examples
      WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND example_type = 'preference'
        AND review_status = 'approved' ORDER BY id DESC LIMIT ${MOST_PAIRS}) AS x
    LEFT JOIN LATERAL (SELECT e.expert_id, e.annotation_data -> 'preference' AS said FROM expert_annotations e
      WHERE e.organization_id = ${ctx.organizationId} AND e.learning_example_id = x.id
        AND e.decision = 'approve' AND e.gold_agreed IS NULL AND e.annotation_data ? 'preference' OFFSET 0) AS a ON true
    WHERE x.is_active AND x.quarantine IS DISTINCT FROM 'held' AND (a.said IS NOT NULL OR x.preferred_output IS NOT NULL)
    ORDER BY x.id, person`.execute(ctx.tx);
  return rows;
}

/** Whether there are more approved pairs than are looked at. */
export async function hasMorePairs(ctx: TenantContext, agentId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM learning_examples
    WHERE organization_id = ${ctx.organizationId} AND agent_id = ${agentId} AND example_type = 'preference'
      AND review_status = 'approved' OFFSET ${MOST_PAIRS} LIMIT 1`.execute(ctx.tx);
  return rows.length > 0;
}

/** Numbers of versions, by id. */
export async function readVersionNumbers(
  ctx: TenantContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; number: number }>`
    SELECT v.id, v.number FROM unnest(${[...ids]}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT id, number FROM agent_versions e WHERE e.organization_id = ${ctx.organizationId} AND e.id = wanted.id OFFSET 0) AS v`.execute(
    ctx.tx,
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

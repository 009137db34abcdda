import type { ExperimentLook, LooksQuery } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

export type KeptComparison = Omit<ExperimentLook, "at" | "running_hours">;

/** Keeps a look; one of the same moment stays. */
export async function insertLook(
  ctx: TenantContext,
  experimentId: string,
  look: { at: Date; runningHours: number; comparisons: readonly KeptComparison[] },
): Promise<void> {
  await sql`
    INSERT INTO experiment_looks (organization_id, experiment_id, looked_at, running_hours, comparisons)
    VALUES (${ctx.organizationId}, ${experimentId}, ${look.at}, ${look.runningHours}, ${JSON.stringify(look.comparisons)}::jsonb)
    ON CONFLICT DO NOTHING`.execute(ctx.tx);
}

/** What one metric stood at, oldest look first. */
export async function selectLooks(
  ctx: TenantContext,
  experimentId: string,
  { metric, arm }: { metric: string; arm: LooksQuery["arm"] },
): Promise<ExperimentLook[]> {
  const { rows } = await sql<{ looked_at: Date; running_hours: number; comparison: KeptComparison }>`
    SELECT l.looked_at, l.running_hours, c.comparison
    FROM experiment_looks l CROSS JOIN jsonb_array_elements(l.comparisons) AS c(comparison)
    WHERE l.organization_id = ${ctx.organizationId} AND l.experiment_id = ${experimentId}
      AND c.comparison->>'metric' = ${metric} AND (${arm ?? null}::text IS NULL OR c.comparison->>'arm' = ${arm ?? null}::text)
    ORDER BY l.looked_at, c.comparison->>'arm'`.execute(ctx.tx);
  return rows.map((row) => ({
    at: row.looked_at.toISOString(),
    running_hours: row.running_hours,
    ...row.comparison,
  }));
}

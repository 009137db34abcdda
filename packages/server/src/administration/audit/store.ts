import type { AuditRecord, JsonValue } from "@agent-learning/contract";
import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

export interface AuditFilter {
  entityType?: string | undefined;
  entityId?: string | undefined;
}

/** Up to `limit` records with a sequence below `before`, newest first. */
export async function readAudit(
  ctx: TenantContext,
  filter: AuditFilter,
  limit: number,
  before: number | undefined,
): Promise<AuditRecord[]> {
  let query = ctx.tx.selectFrom("audit_log").selectAll().where("organization_id", "=", ctx.organizationId);
  if (filter.entityType !== undefined) query = query.where("entity_type", "=", filter.entityType);
  if (filter.entityId !== undefined) query = query.where("entity_id", "=", filter.entityId);
  if (before !== undefined) query = query.where("sequence", "<", before);
  const rows = await query.orderBy("sequence", "desc").limit(limit).execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    actor_kind: row.actor_kind as AuditRecord["actor_kind"],
    actor_id: row.actor_id,
    action: row.action,
    entity_type: row.entity_type,
    entity_id: row.entity_id,
    data: row.data as Record<string, JsonValue>,
    hash: Buffer.from(row.hash).toString("hex"),
    created_at: row.created_at.toISOString(),
  }));
}

/** Recomputes the chain in the database: the first sequence that does not follow, a gap included, or null. */
export async function findBrokenLink(
  ctx: TenantContext,
): Promise<{ records: number; brokenAt: number | null }> {
  const { rows } = await sql<{ records: number; broken_at: number | null }>`
    WITH chain AS (
      SELECT *, LAG(hash, 1, ''::bytea) OVER (ORDER BY sequence) AS expected_previous,
        ROW_NUMBER() OVER (ORDER BY sequence) AS expected_sequence
      FROM audit_log WHERE organization_id = ${ctx.organizationId}
    ), checked AS (
      SELECT sequence, previous_hash = expected_previous AND sequence = expected_sequence AND hash = learning_audit_hash(
        previous_hash, organization_id, sequence, actor_kind, actor_id, action, entity_type, entity_id, data, created_at) AS sound
      FROM chain
    ), head AS (
      SELECT h.sequence, h.hash FROM audit_heads h WHERE h.organization_id = ${ctx.organizationId}
    )
    SELECT (SELECT COUNT(*) FROM checked) AS records,
      COALESCE((SELECT MIN(sequence) FROM checked WHERE NOT sound),
        (SELECT h.sequence FROM head h WHERE h.sequence > 0 AND NOT EXISTS (
          SELECT 1 FROM chain c WHERE c.sequence = h.sequence AND c.hash = h.hash))) AS broken_at`.execute(
    ctx.tx,
  );
  const row = rows[0];
  return { records: row?.records ?? 0, brokenAt: row?.broken_at ?? null };
}

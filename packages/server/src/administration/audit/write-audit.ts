import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

export interface AuditEntry {
  /** `entity.verb-in-past-tense`: `rollout.advanced`. */
  action: string;
  entityType: string;
  entityId: string;
  /** Ids, numbers and states that explain the change. Never content of executions or feedback. */
  data?: Record<string, unknown>;
}

/** Adds to the organization's hash-chained audit log, in the caller's transaction. */
export async function writeAudit(ctx: TenantContext, entry: AuditEntry): Promise<void> {
  const { actor } = ctx;
  const actorId = actor.kind === "user" ? actor.userId : actor.kind === "machine" ? actor.keyId : null;
  await sql`SELECT learning_append_audit(${actor.kind}, ${actorId}::uuid, ${entry.action}, ${entry.entityType},
    ${entry.entityId}, ${JSON.stringify(entry.data ?? {})}::jsonb)`.execute(ctx.tx);
}

import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";
import { inIndexOrder } from "../tasks/index.ts";

/** Those of the hashes that examples of the agent were imported with. */
export async function readImported(
  ctx: TenantContext,
  agentId: string,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  // The first hash from the wanted one on: only the index of the hashes has that order. Asked for equality, a planner without
  // statistics takes any index of the agent's examples and reads them all, for each hash.
  const { rows } = await inIndexOrder(ctx, () =>
    sql<{ import_hash: string }>`
      SELECT x.import_hash FROM unnest(${hashes}::text[]) AS wanted(hash)
      CROSS JOIN LATERAL (
        SELECT import_hash FROM learning_examples e
        WHERE e.organization_id = ${ctx.organizationId} AND e.agent_id = ${agentId} AND e.import_hash >= wanted.hash
        ORDER BY e.import_hash LIMIT 1
      ) AS x WHERE x.import_hash = wanted.hash`.execute(ctx.tx),
  );
  return new Set(rows.map((row) => row.import_hash));
}

/** One import of an agent at a time: two that hold the same rows would each miss what the other is storing. */
export async function lockImports(ctx: TenantContext, agentId: string): Promise<void> {
  const name = `imports:${ctx.organizationId}:${agentId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(ctx.tx);
}

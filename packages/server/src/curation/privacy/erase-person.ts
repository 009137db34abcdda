import { sql } from "kysely";
import { writeAudit } from "../../administration/audit/write-audit.ts";
import type { TenantContext } from "../../context.ts";
import { asSystem } from "../../database/index.ts";
import { findPerson } from "./find-person.ts";
import { PERSONAL_DATA } from "./personal-data.ts";
import { bindPerson } from "./bind-person.ts";

export interface Erasure {
  user_id: string;
  /** Rows changed or removed, by table. */
  erased: Record<string, number>;
}

/**
 * Removes what a person wrote and every way to recognise them, in one transaction; counts and votes stay, without the person.
 * Frozen datasets and versions are no exception: the person's items become empty, their demonstrations leave every version.
 */
export async function erasePerson({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { userId: string };
}): Promise<Erasure> {
  const userId = await findPerson(ctx, input.userId);
  const erased: Record<string, number> = {};
  await asSystem(ctx.tx, async () => {
    for (const [table, data] of Object.entries(PERSONAL_DATA)) {
      if (data.kind !== "personal") continue;
      const where = sql`t.organization_id = ${ctx.organizationId} AND (${bindPerson(data.person, userId)})`;
      const statement =
        data.erase === "delete"
          ? sql`DELETE FROM ${sql.table(table)} t WHERE ${where}`
          : sql`UPDATE ${sql.table(table)} t SET ${bindPerson(data.erase, userId)} WHERE ${where}`;
      const result = await statement.execute(ctx.tx);
      const rows = Number(result.numAffectedRows ?? 0n);
      if (rows > 0) erased[table] = rows;
    }
    await sql`UPDATE api_keys SET revoked_at = COALESCE(revoked_at, learning_now())
      WHERE organization_id = ${ctx.organizationId} AND user_id = ${userId}`.execute(ctx.tx);
    await sql`UPDATE serving_revisions SET revision = revision + 1, updated_at = learning_now()
      WHERE organization_id = ${ctx.organizationId}`.execute(ctx.tx);
  });
  ctx.afterCommit(() => ctx.services.keys.forget());
  await writeAudit(ctx, {
    action: "person.erased",
    entityType: "user",
    entityId: userId,
    data: { rows: erased },
  });
  return { user_id: userId, erased };
}

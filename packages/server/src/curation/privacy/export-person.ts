import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { asSystem, type Json } from "../../database/index.ts";
import { bindPerson } from "./bind-person.ts";
import { findPerson } from "./find-person.ts";
import { PERSONAL_DATA } from "./personal-data.ts";

const PAGE = 500;

/**
 * Everything that is stored about a person, one JSON object a line: `{ table, row }`. Read page by page, so that
 * memory does not grow with the person's history.
 */
export async function* exportPerson(ctx: Context, reference: string): AsyncGenerator<string> {
  const { organizationId } = ctx;
  const userId = await ctx.transact((tenant) => findPerson(tenant, reference));
  const bind = (fragment: string) => bindPerson(fragment, { organizationId, userId });
  for (const [table, data] of Object.entries(PERSONAL_DATA)) {
    if (data.kind !== "personal") continue;
    for (let offset = 0; ; offset += PAGE) {
      const rows = await ctx.transact((tenant) =>
        asSystem(tenant.tx, async () => {
          const page = await sql<{ row: Json }>`
            SELECT (${bind(data.exported ?? "to_jsonb(t)")}) - 'organization_id' AS row FROM ${sql.table(table)} t
            WHERE t.organization_id = ${organizationId} AND (${bind(data.person)})
            ORDER BY to_jsonb(t)->>'id', t.ctid LIMIT ${PAGE} OFFSET ${offset}`.execute(tenant.tx);
          return page.rows;
        }),
      );
      for (const { row } of rows) yield `${JSON.stringify({ table, row })}\n`;
      if (rows.length < PAGE) break;
    }
  }
}

import { type RawBuilder, sql } from "kysely";

/** A condition, SET clause or expression of `personal-data.ts`, with `$person` and `$organization` bound as parameters. */
export function bindPerson(
  fragment: string,
  { organizationId, userId }: { organizationId: string; userId: string },
): RawBuilder<unknown> {
  const parts = fragment.split(/(\$person|\$organization)/);
  return sql.join(
    parts.map((part) => {
      if (part === "$person") return sql`${userId}::uuid`;
      return part === "$organization" ? sql`${organizationId}::uuid` : sql.raw(part);
    }),
    sql``,
  );
}

import { type RawBuilder, sql } from "kysely";

/** A condition, SET clause or expression of `personal-data.ts`, with `$person`, `$organization` and `$salt` bound as parameters. */
export function bindPerson(
  fragment: string,
  { organizationId, userId, salt = "" }: { organizationId: string; userId: string; salt?: string },
): RawBuilder<unknown> {
  const parts = fragment.split(/(\$person|\$organization|\$salt)/);
  return sql.join(
    parts.map((part) => {
      if (part === "$person") return sql`${userId}::uuid`;
      if (part === "$salt") return sql`${salt}::text`;
      return part === "$organization" ? sql`${organizationId}::uuid` : sql.raw(part);
    }),
    sql``,
  );
}

import { type RawBuilder, sql } from "kysely";

/** A condition or SET clause of `personal-data.ts`, with `$person` bound as a parameter. */
export function bindPerson(fragment: string, userId: string): RawBuilder<unknown> {
  const parts = fragment.split("$person").map((part) => sql.raw(part));
  return sql.join(parts, sql`${userId}::uuid`);
}

import { type Kysely, sql, type Transaction } from "kysely";
import type { Schema } from "./schema.ts";

/** The time that decides anything: the database's, with the demo's or a test's offset. */
export async function learningNow(executor: Kysely<Schema> | Transaction<Schema>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT learning_now() AS now`.execute(executor);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error("learning_now() gave no row: the migrations are not applied");
  return now;
}

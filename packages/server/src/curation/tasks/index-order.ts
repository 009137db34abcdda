import { sql } from "kysely";
import type { TenantContext } from "../../context.ts";

/**
 * Runs queries that read the beginning of a long index, with the planner held to that index's order. Without statistics (just
 * after a large import, and always on PGlite, which gathers none) it takes the rows of a queue for few and sorts them all.
 */
export async function inIndexOrder<T>(ctx: TenantContext, work: () => Promise<T>): Promise<T> {
  await sql`SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
    ctx.tx,
  );
  const result = await work();
  await sql`SELECT set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true)`.execute(
    ctx.tx,
  );
  return result;
}

import { sql } from "kysely";
import { systemContext } from "../create-context.ts";
import type { ScheduleDefinition } from "../jobs/job-queue.ts";

/** How long a first answer is given again. Retries come within minutes; a spool that was offline may take days. */
const KEPT_DAYS = 7;
const CHUNK = 1_000;

/** Removes answers that nobody will ask for again, a chunk in each transaction. */
export const forgetIdempotencyKeys: ScheduleDefinition = {
  name: "forget-idempotency-keys",
  everySeconds: 600,
  sweep: async (services, organizationId) => {
    const context = systemContext(services, organizationId, "forget-idempotency-keys");
    for (let removed = CHUNK; removed === CHUNK;) {
      removed = await context.transact(async (ctx) => {
        const { rows } = await sql`
          DELETE FROM idempotency_keys k USING (
            SELECT key FROM idempotency_keys
            WHERE organization_id = ${organizationId} AND created_at < learning_now() - make_interval(days => ${KEPT_DAYS}::int)
            ORDER BY created_at LIMIT ${CHUNK}::int FOR UPDATE SKIP LOCKED) old
          WHERE k.organization_id = ${organizationId} AND k.key = old.key RETURNING 1`.execute(ctx.tx);
        return rows.length;
      });
    }
  },
};

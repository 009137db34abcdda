import { writeAudit } from "../../administration/audit/write-audit.ts";
import { systemContext } from "../../create-context.ts";
import type { TenantContext } from "../../context.ts";
import type { ScheduleDefinition } from "../../jobs/job-queue.ts";
import { retireTasks } from "../examples/index.ts";
import {
  emptyStretch,
  lockStretch,
  moveMark,
  readRetainingAgents,
  readUnapproved,
  type RetainingAgent,
} from "./store.ts";

/** Executions, and feedback, of one transaction, about. */
const CHUNK = 500;

/** Empties the next stretch of an agent's evidence. @returns whether more is due */
async function emptyNext(ctx: TenantContext, agent: RetainingAgent): Promise<boolean> {
  const stretch = await lockStretch(ctx, agent, CHUNK);
  if (stretch === undefined) return false;
  const examples = await readUnapproved(ctx, agent.id, stretch);
  // Nobody is asked any more to judge what is gone, and the counter of what is wanted follows.
  if (examples.length > 0) await retireTasks(ctx, examples);
  const emptied = await emptyStretch(
    ctx,
    agent.id,
    stretch,
    examples.map(({ id }) => id),
  );
  const rows = Object.values(emptied).reduce((sum, count) => sum + count, 0);
  await moveMark(ctx, agent.id, stretch.until, rows);
  if (rows > 0)
    await writeAudit(ctx, {
      action: "evidence.expired",
      entityType: "agent",
      entityId: agent.id,
      data: { retention_days: agent.days, until: stretch.until.toISOString(), rows: emptied },
    });
  return stretch.isCut;
}

/**
 * Empties the texts of evidence that is older than its agent's policy keeps it, a chunk in each transaction: of executions, feedback and
 * retrievals, and of what was made of them and is not approved. Rows, votes and counts stay; so do approved examples, which people have
 * taken over, and what datasets hold.
 */
export const retentionSchedule: ScheduleDefinition = {
  name: "empty-old-evidence",
  everySeconds: 3_600,
  sweep: async (services, organizationId) => {
    const context = systemContext(services, organizationId, "empty-old-evidence");
    for (const agent of await context.transact(readRetainingAgents))
      while (await context.transact((ctx) => emptyNext(ctx, agent)));
  },
};

import { systemContext } from "../../create-context.ts";
import type { ScheduleDefinition } from "../../jobs/job-queue.ts";
import { deleteLateChanges } from "./store.ts";

/** Changes that are dropped in one transaction. */
const CHUNK = 10_000;

/**
 * Outcomes that come after a rollout has ended change its units' sums like any other, but no look will add them to what its verdict was
 * reached on: what was noted for such a look is dropped, so that it does not pile up.
 */
export const forgetLateChanges: ScheduleDefinition = {
  name: "forget-late-changes",
  everySeconds: 600,
  sweep: async (services, organizationId) => {
    const context = systemContext(services, organizationId, "forget-late-changes");
    for (let dropped = CHUNK; dropped === CHUNK;)
      dropped = await context.transact((ctx) => deleteLateChanges(ctx, CHUNK));
  },
};

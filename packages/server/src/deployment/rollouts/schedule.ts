import { systemContext } from "../../create-context.ts";
import { isDatabaseAway } from "../../database/index.ts";
import type { ScheduleDefinition } from "../../jobs/job-queue.ts";
import { advanceRollout } from "./advance-rollout.ts";
import { selectRunningIds } from "./store.ts";

/** Looks at every running rollout and makes the transition that it calls for. Often: a broken canary must not wait. */
export const rolloutSchedule: ScheduleDefinition = {
  name: "advance-rollouts",
  everySeconds: 5,
  async sweep(services, organizationId) {
    const ctx = systemContext(services, organizationId, "advance-rollouts");
    const ids = await ctx.transact(selectRunningIds);
    for (const rolloutId of ids) {
      try {
        await advanceRollout({ ctx, input: { rolloutId } });
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        // One that cannot be judged must not keep the others from being rolled back.
        services.log.error("a look at a rollout failed; others go on", { rolloutId, organizationId, error });
      }
    }
  },
};

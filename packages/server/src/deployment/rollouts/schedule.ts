import { systemContext } from "../../create-context.ts";
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
    for (const rolloutId of ids) await advanceRollout({ ctx, input: { rolloutId } });
  },
};

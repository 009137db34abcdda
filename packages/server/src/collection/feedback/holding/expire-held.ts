import { systemContext } from "../../../create-context.ts";
import type { ScheduleDefinition } from "../../../jobs/job-queue.ts";
import { CounterLedger } from "../../statistics/counters.ts";
import { foldCounters } from "../../statistics/store.ts";
import { eventCounters } from "../feedback-counters.ts";
import { expireDue } from "./store.ts";

const CHUNK = 500;

/** Ends the wait of feedback whose execution never came. The rows stay, marked, and are counted. */
export const expireHeldFeedback: ScheduleDefinition = {
  name: "expire-held-feedback",
  everySeconds: 60,
  sweep: async (services, organizationId) => {
    const context = systemContext(services, organizationId, "expire-held-feedback");
    for (let expired = CHUNK; expired === CHUNK;) {
      expired = await context.transact(async (ctx) => {
        const rows = await expireDue(ctx, CHUNK);
        const ledger = new CounterLedger();
        for (const row of rows) ledger.add(row.agent_id, row.today, eventCounters("held_expired"));
        await foldCounters(ctx, ledger);
        return rows.length;
      });
    }
  },
};

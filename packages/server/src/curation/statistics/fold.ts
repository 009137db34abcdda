import type { CounterLedger } from "../../collection/statistics/counters.ts";
import { foldCounters } from "../../collection/statistics/store.ts";
import type { TenantContext } from "../../context.ts";

let turn = 0;

/**
 * Folds curation's counters, after everything else in a transaction: the rows stay locked until the commit. Turns between
 * the shards of this process, so that two ingesting transactions seldom want the same rows.
 */
export async function fold(ctx: TenantContext, ledger: CounterLedger): Promise<void> {
  turn = (turn + 1) % 1024;
  await foldCounters(ctx, ledger, turn);
}

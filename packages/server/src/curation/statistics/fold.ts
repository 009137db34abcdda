import { CounterBuilder, type CounterLedger } from "../../collection/statistics/counters.ts";
import { foldCounters } from "../../collection/statistics/store.ts";
import type { TenantContext } from "../../context.ts";
import { GAUGE_DAY, OPEN_ANNOTATIONS } from "./gauges.ts";

let turn = 0;

/**
 * Folds curation's counters, after everything else in a transaction: the rows stay locked until the commit. Turns between
 * the shards of this process, so that two ingesting transactions seldom want the same rows.
 */
export async function fold(ctx: TenantContext, ledger: CounterLedger): Promise<void> {
  turn = (turn + 1) % 1024;
  await foldCounters(ctx, ledger, turn);
}

/** Notes that so many more annotations of an agent are wanted; fewer when below 0. */
export function changeOpenAnnotations(ledger: CounterLedger, agentId: string, change: number): void {
  const gauges = new CounterBuilder();
  for (let count = Math.abs(change); count > 0; count -= 1) gauges.count(OPEN_ANNOTATIONS);
  ledger.add(agentId, GAUGE_DAY, gauges.build(), change < 0 ? -1 : 1);
}

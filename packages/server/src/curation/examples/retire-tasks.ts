import type { TenantContext } from "../../context.ts";
import { CounterBuilder, CounterLedger, fold, GAUGE_DAY, OPEN_ANNOTATIONS } from "../statistics/index.ts";
import { cancelTasks } from "../tasks/index.ts";

/** Asks no longer for the annotations of these examples; whoever holds a lease on one finds it stale. */
export async function retireTasks(
  ctx: TenantContext,
  examples: readonly { id: string; agent_id: string }[],
): Promise<void> {
  const cancelled = await cancelTasks(
    ctx,
    examples.map((example) => example.id),
  );
  const ledger = new CounterLedger();
  for (const { id, agent_id } of examples) {
    const gauges = new CounterBuilder();
    for (let count = cancelled.get(id) ?? 0; count > 0; count -= 1) gauges.count(OPEN_ANNOTATIONS);
    ledger.add(agent_id, GAUGE_DAY, gauges.build(), -1);
  }
  await fold(ctx, ledger);
}

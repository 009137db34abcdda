import { writeAudit } from "../../administration/audit/write-audit.ts";
import { bumpServingRevision, storedAllocation } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { json } from "../../database/index.ts";
import { changeExperiment } from "./store.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

/** Begins a period of the allocation: from now on units are exposed at these shares of all units. The caller holds the row. */
export async function changeAllocation({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { row: ExperimentRow; shares: Record<string, number>; reason: string; now: Date };
}): Promise<ExperimentRow> {
  const { row, shares, reason, now } = input;
  const allocation = storedAllocation(row);
  const period = { since: now.toISOString(), shares, reason };
  const changed = await changeExperiment(ctx, row.id, {
    allocation: json({ ...allocation, periods: [...allocation.periods, period] }),
    revision: row.revision + 1,
  });
  await bumpServingRevision({ ctx, input: { agentId: row.agent_id } });
  await writeAudit(ctx, {
    action: "experiment.allocated",
    entityType: "experiment",
    entityId: row.id,
    data: { shares, reason },
  });
  return changed;
}

import { experimentArms, sharesOf, storedAllocation } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { changeAllocation } from "./change-allocation.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

/**
 * The shares without some arms. Where the allocation is fixed their units go back to the version in production, so that nobody else
 * moves; a bandit gives them to the others.
 */
export function sharesWithout(
  shares: Readonly<Record<string, number>>,
  closed: readonly string[],
  policy: "fixed" | "bandit",
): Record<string, number> {
  const open = Object.entries(shares).filter(([arm]) => !closed.includes(arm));
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const left = open.reduce((sum, [, share]) => sum + share, 0);
  const factor = policy === "bandit" && left > 0 ? total / left : 1;
  return Object.fromEntries(
    Object.entries(shares).map(([arm, share]) => [arm, closed.includes(arm) ? 0 : share * factor]),
  );
}

/** Takes treatments that do harm out of the traffic; the experiment goes on with the others. */
export async function stopHarmedArms({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { row: ExperimentRow; harmed: readonly string[]; now: Date };
}): Promise<ExperimentRow> {
  const { row, harmed, now } = input;
  const shares = sharesOf(row);
  const current = Object.fromEntries(
    experimentArms(row).map(({ name }, index) => [name, shares[index] ?? 0]),
  );
  return changeAllocation({
    ctx,
    input: {
      row,
      now,
      shares: sharesWithout(current, harmed, storedAllocation(row).policy),
      reason: `Stopped for harm: ${harmed.join(" and ")}.`,
    },
  });
}

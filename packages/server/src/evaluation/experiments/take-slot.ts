import { experimentArms } from "../../administration/serving/index.ts";
import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/problem-error.ts";
import { lockSlots } from "./store.ts";
import type { ExperimentRow } from "./stored-experiment.ts";

export interface Slot {
  start: number;
  end: number;
}

/** Sums of percentages are whole: what is closer than this is equal. */
const HAIR = 1e-9;

/** The first gap between taken slots that is wide enough; undefined where there is none. */
export function firstGap(taken: readonly Slot[], width: number): Slot | undefined {
  let start = 0;
  for (const slot of [...taken.toSorted((a, b) => a.start - b.start), { start: 1, end: 1 }]) {
    if (slot.start - start >= width - HAIR) return { start, end: Math.min(1, start + width) };
    start = Math.max(start, slot.end);
  }
  return undefined;
}

/**
 * The part of an exclusion group's units that an experiment gets at its start and keeps to its end: as wide as its percentages, beside
 * those of the group's other experiments, whichever agents they are of.
 * @throws ProblemError unprocessable when it does not fit
 */
export async function takeSlot(
  ctx: TenantContext,
  row: ExperimentRow,
): Promise<{ slot_start: number; slot_end: number } | Record<string, never>> {
  if (row.exclusion_group === null) return {};
  const taken = await lockSlots(ctx, row.exclusion_group);
  const percentage = experimentArms(row).reduce((sum, arm) => sum + arm.percentage, 0);
  const gap = firstGap(taken, percentage / 100);
  if (gap === undefined) {
    const holders = taken.map(
      ({ id, name, start, end }) => `${name} (${id}) ${Math.round((end - start) * 100)} %`,
    );
    throw unprocessable(
      "body.status",
      `cannot be running: the exclusion group ${row.exclusion_group} has no ${percentage} % of its units free side by side: ${holders.join(", ")}. End one of them, or create this experiment with lower percentages.`,
    );
  }
  return { slot_start: gap.start, slot_end: gap.end };
}

import {
  type ArmBelief,
  lnProbabilitiesOfBest,
  topTwoThompsonShares,
  wholeWeights,
} from "@agent-learning/statistics";
import type { StoredAllocation } from "../../administration/serving/index.ts";

/** Shares are whole parts of this many, and a change below a hundredth of the experiment's units is not worth a period. */
const PARTS = 10_000;
const LEAST_CHANGE = 0.01;

/**
 * The shares that a bandit gives the arms for the next period, by top-two Thompson sampling with a floor: what the open arms had
 * together, divided anew. Undefined where the allocation is fixed, the period is not over, too little is known, or nothing moves.
 */
export function reallocation(
  allocation: StoredAllocation,
  beliefs: readonly (ArmBelief & { arm: string })[] | null,
  { isLowerBetter, now }: { isLowerBetter: boolean; now: Date },
): { shares: Record<string, number>; reason: string } | undefined {
  const period = allocation.periods.at(-1);
  if (allocation.policy !== "bandit" || beliefs === null || beliefs.length < 2 || period === undefined) {
    return undefined;
  }
  const hours = (now.getTime() - Date.parse(period.since)) / 3_600_000;
  if (hours < (allocation.update_hours ?? 24)) return undefined;
  const floor = Math.min(allocation.floor ?? 0, 1 / beliefs.length);
  const weights = wholeWeights(topTwoThompsonShares(beliefs, { floor, isLowerBetter }), PARTS);
  const total = Object.values(period.shares).reduce((sum, share) => sum + share, 0);
  const shares = Object.fromEntries(Object.keys(period.shares).map((arm) => [arm, 0]));
  beliefs.forEach(({ arm }, index) => {
    shares[arm] = ((weights[index] ?? 0) / PARTS) * total;
  });
  const moved = Object.entries(shares).some(
    ([arm, share]) => Math.abs(share - (period.shares[arm] ?? 0)) >= LEAST_CHANGE * total,
  );
  if (!moved) return undefined;
  const best = lnProbabilitiesOfBest(beliefs, { isLowerBetter })
    .map((lnChance, index) => `${beliefs[index]?.arm ?? ""} ${(100 * Math.exp(lnChance)).toFixed(1)} %`)
    .join(", ");
  return { shares, reason: `Chance to be best: ${best}.` };
}

import { lnGammaTails } from "@agent-learning/statistics";
import type { Contribution, Suspicion } from "./contribution.ts";

const HOUR = 3_600_000;
/** In an hour, below which nobody is held back for speed alone. */
const LEAST = 12;
/** Share of contributors' busiest hours that is taken for usual. */
const USUAL = 0.9;

/**
 * Contributors who sent more within an hour than people do. Usual is the nine-tenth quantile of everybody's busiest hour; the
 * probability is the Poisson tail beyond it.
 */
export function findBursts(contributions: readonly Contribution[], lnLevel: number): Suspicion[] {
  const byContributor = Map.groupBy(contributions, ({ contributorId }) => contributorId);
  const busiest = [...byContributor].map(([contributorId, own]) => ({
    contributorId,
    hour: busiestHour(own),
  }));
  const counts = busiest.map(({ hour }) => hour.length).sort((one, other) => one - other);
  const usual = Math.max(1, counts[Math.floor(USUAL * (counts.length - 1))] ?? 1);
  return busiest.flatMap(({ contributorId, hour }) => {
    if (hour.length < LEAST) return [];
    // P(Poisson(λ) ≥ k) = P(k, λ), the lower regularised incomplete gamma function.
    const lnPValue = lnGammaTails(hour.length, usual).lower;
    if (lnPValue > lnLevel) return [];
    return {
      detector: "burst" as const,
      contributionIds: hour.map(({ id }) => id),
      contributorIds: [contributorId],
      lnPValue,
      sentence: `One person sent ${hour.length} within an hour; nine of ten people never send more than ${usual}.`,
    };
  });
}

/** The most contributions within one hour. */
function busiestHour(contributions: readonly Contribution[]): Contribution[] {
  const ordered = contributions.toSorted((one, other) => one.at - other.at);
  let best: Contribution[] = [];
  let start = 0;
  for (const [end, { at }] of ordered.entries()) {
    while ((ordered[start] as Contribution).at < at - HOUR) start += 1;
    if (end - start + 1 > best.length) best = ordered.slice(start, end + 1);
  }
  return best;
}

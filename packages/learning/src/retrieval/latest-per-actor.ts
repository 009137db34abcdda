/** Of each actor the latest `limit`, in their order: one person's word is bounded wherever something is learned or decided by it. */
export function latestPerActor<T extends { actor: string }>(inTime: readonly T[], limit: number): T[] {
  const counts = new Map<string, number>();
  return inTime
    .toReversed()
    .filter(({ actor }) => {
      const count = (counts.get(actor) ?? 0) + 1;
      counts.set(actor, count);
      return count <= limit;
    })
    .toReversed();
}

/** Share of the queries that decide which one person may give, and how many nobody is denied. */
const SHARE_OF_ONE = 0.1;
const LEAST_OF_ONE = 10;

/** What a gate decides by: no person's queries are more than a tenth of all. */
export function boundedPerActor<T extends { actor: string }>(inTime: readonly T[]): T[] {
  return latestPerActor(inTime, Math.max(LEAST_OF_ONE, Math.floor(inTime.length * SHARE_OF_ONE)));
}

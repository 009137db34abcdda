import { InvalidArgument, requireCount, requireNonNegative } from "../invalid-argument.ts";

export interface BradleyTerryOptions {
  /**
   * Strength of a prior that pulls all items together, in won and lost comparisons of each item with an item of average strength;
   * default 0. With 0 every item has to be comparable with every other one through wins.
   */
  readonly prior?: number;
}

/**
 * Strengths of items from pairwise preferences (Bradley and Terry 1952): P(i over j) = 1 / (1 + e^(s_j - s_i)), fitted by maximum
 * likelihood with Hunter's minorisation (2004). In logits, adding up to 0.
 *
 * @param comparisons pairs [winner, loser] of positions in [0, items)
 */
export function bradleyTerry(
  items: number,
  comparisons: Iterable<readonly [number, number]>,
  options: BradleyTerryOptions = {},
): number[] {
  requireCount("items", items, 1);
  const { prior = 0 } = options;
  requireNonNegative("prior", prior);
  const { wins, meetings } = tally(items, comparisons);
  if (prior === 0) requireConnected(items, wins);
  let strengths = Array.from({ length: items }, () => 1);
  for (let round = 0; round < 10_000; round++) {
    const next = strengths.map((strength, i) => {
      let won = prior;
      let weight = prior === 0 ? 0 : (2 * prior) / (strength + 1);
      for (const [j, count] of meetings[i] as Map<number, number>)
        weight += count / (strength + (strengths[j] as number));
      for (const count of (wins[i] as Map<number, number>).values()) won += count;
      return weight === 0 ? 1 : won / weight;
    });
    const scale = Math.exp(next.reduce((sum, strength) => sum + Math.log(strength), 0) / items);
    const centred = prior === 0 ? next.map((strength) => strength / scale) : next;
    const change = centred.reduce(
      (most, s, i) => Math.max(most, Math.abs(Math.log(s / (strengths[i] as number)))),
      0,
    );
    strengths = centred;
    if (change < 1e-13) break;
  }
  const logits = strengths.map(Math.log);
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / items;
  return logits.map((logit) => logit - mean);
}

type Tally = readonly Map<number, number>[];

function tally(
  items: number,
  comparisons: Iterable<readonly [number, number]>,
): { wins: Tally; meetings: Tally } {
  const wins = Array.from({ length: items }, () => new Map<number, number>());
  const meetings = Array.from({ length: items }, () => new Map<number, number>());
  const add = (list: Tally, i: number, j: number): void => {
    const counts = list[i] as Map<number, number>;
    counts.set(j, (counts.get(j) ?? 0) + 1);
  };
  for (const [winner, loser] of comparisons) {
    for (const item of [winner, loser]) {
      requireCount("comparisons", item);
      if (item >= items) throw new InvalidArgument("comparisons", `positions below ${items}`, item);
    }
    if (winner === loser)
      throw new InvalidArgument("comparisons", "pairs of two different items", [winner, loser]);
    add(wins, winner, loser);
    add(meetings, winner, loser);
    add(meetings, loser, winner);
  }
  return { wins, meetings };
}

/** The estimate exists where every item reaches every other one through wins (Ford 1957). */
function requireConnected(items: number, wins: Tally): void {
  const losses = Array.from({ length: items }, () => new Map<number, number>());
  wins.forEach((beaten, winner) =>
    beaten.forEach((count, loser) => (losses[loser] as Map<number, number>).set(winner, count)),
  );
  for (const edges of [wins, losses]) {
    const reached = new Set([0]);
    for (const item of reached)
      for (const next of (edges[item] as Map<number, number>).keys()) reached.add(next);
    if (reached.size < items) {
      throw new InvalidArgument(
        "comparisons",
        "such that every item reaches every other through wins (or pass a prior)",
        `${reached.size} of ${items} that do`,
      );
    }
  }
}

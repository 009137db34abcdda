import type { Random } from "../../../ports.ts";
import type { JsonValue } from "../../../json.ts";
import { type Candidate, type Demonstration, integerParameter } from "../../candidate.ts";
import { DEFAULT_NEIGHBOURS } from "../../demonstrations-agent/create-demonstrations-agent.ts";
import { inputKey, type Row } from "../../rows.ts";
import type { Family, Trial } from "../trial-book.ts";
import { selectRandom, SELECTIONS } from "./select-demonstrations.ts";

export interface Entrant {
  candidate: Candidate;
  family: Family;
}

/** Sets above this size differ little by how they were chosen. */
const LARGEST_DIVERSE = 256;
/** Rows that a search on few calls gets to. */
const SCORED_FIRST = 60;
/** Nearest demonstrations to try per request. */
const NEAREST = [16, 32, 8];
const VOTERS = [5, 10, 20, 40];

/** For the built-in agent: each selection at each size, and the whole pool. */
export function routerEntrants(
  seed: Candidate,
  pool: readonly Demonstration[],
  sizes: readonly number[],
  random: Random,
): Entrant[] {
  const entrants: Entrant[] = [];
  for (const size of sizes) {
    if (size === pool.length) continue;
    for (const selection of Object.keys(SELECTIONS)) {
      if (selection !== "diverse" || size <= LARGEST_DIVERSE) {
        entrants.push(chosen(seed, pool, selection, size, random));
      }
    }
  }
  entrants.push({
    candidate: { ...seed, demonstrations: [...pool] },
    family: { selection: "all", size: pool.length },
  });
  return entrants;
}

/** The best set of the built-in agent with other numbers of voters. */
export function voterEntrants({ candidate, family }: Trial): Entrant[] {
  const current = integerParameter(candidate, "neighbours", {
    fallback: DEFAULT_NEIGHBOURS,
    minimum: 1,
    maximum: 1000,
  });
  return VOTERS.filter((voters) => voters !== current && voters < candidate.demonstrations.length).map(
    (voters) => ({ candidate: withParameters(candidate, { neighbours: voters }), family }),
  );
}

/**
 * For a language model, the ones first that say most: the race may afford a few only. Balanced sets from large to
 * small, nearest demonstrations, then the same sizes chosen otherwise.
 */
export function modelEntrants(
  seed: Candidate,
  pool: readonly Demonstration[],
  sizes: readonly number[],
  random: Random,
): Entrant[] {
  const largestFirst = [...sizes].reverse();
  const largest = sizes.at(-1) ?? 0;
  const near = NEAREST.filter((size) => size <= largest).map((size) => nearest(seed, pool, size));
  const balanced = largestFirst.map((size) => chosen(seed, pool, "balanced", size, random));
  const others = largestFirst.flatMap((size) =>
    ["random", "diverse"]
      .filter((selection) => selection === "random" || size <= LARGEST_DIVERSE)
      .map((selection) => chosen(seed, pool, selection, size, random)),
  );
  return [...balanced.slice(0, 3), ...near.slice(0, 1), ...balanced.slice(3), ...near.slice(1), ...others];
}

/**
 * For a model whose prompts are dear: sets that all inputs share, balanced ones from large to small, then others. The rows that are
 * scored first stay out of a set where the pool has enough others: leaving a row's own demonstration out of a prompt
 * would have everything behind it evaluated again. Those that have to be in it come last.
 */
export function sharedEntrants(
  seed: Candidate,
  pool: readonly Demonstration[],
  { sizes, rows, random }: { sizes: readonly number[]; rows: readonly Row[]; random: Random },
): Entrant[] {
  const rank = new Map(rows.map((row, index) => [inputKey(row.input), index]));
  const rankOf = ({ input }: Demonstration): number => rank.get(inputKey(input)) ?? Infinity;
  const latestFirst = pool.toSorted((one, other) => compareRanks(rankOf(other), rankOf(one)));
  const largestFirst = [...sizes].reverse();
  const choose = (selection: string, size: number): Entrant => {
    // Half of what is left over stays choice: a set that takes all that there is cannot be balanced.
    const choice = latestFirst.slice(0, size + Math.ceil((pool.length - size) / 2));
    const entrant = chosen(seed, choice, selection, size, random);
    const demonstrations = entrant.candidate.demonstrations.toSorted(
      (one, other) => Number(rankOf(one) < SCORED_FIRST) - Number(rankOf(other) < SCORED_FIRST),
    );
    return { ...entrant, candidate: { ...entrant.candidate, demonstrations } };
  };
  return ["balanced", "random", "diverse"].flatMap((selection) =>
    largestFirst.map((size) => choose(selection, size)),
  );
}

function compareRanks(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function chosen(
  seed: Candidate,
  pool: readonly Demonstration[],
  selection: string,
  size: number,
  random: Random,
): Entrant {
  const select = SELECTIONS[selection] ?? selectRandom;
  const demonstrations = [...select(pool, size, random.fork(`${selection}:${size}`))];
  const { demonstration_selection: _, nearest_demonstrations: __, ...parameters } = seed.parameters;
  return { candidate: { ...seed, demonstrations, parameters }, family: { selection, size } };
}

function nearest(seed: Candidate, pool: readonly Demonstration[], size: number): Entrant {
  const parameters = { demonstration_selection: "nearest", nearest_demonstrations: size };
  return {
    candidate: withParameters({ ...seed, demonstrations: [...pool] }, parameters),
    family: { selection: "nearest", size },
  };
}

function withParameters(candidate: Candidate, parameters: Record<string, JsonValue>): Candidate {
  return { ...candidate, parameters: { ...candidate.parameters, ...parameters } };
}

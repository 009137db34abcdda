import type { Random } from "../../../ports.ts";
import type { JsonValue } from "../../../json.ts";
import { type Candidate, type Demonstration, integerParameter } from "../../candidate.ts";
import { DEFAULT_NEIGHBOURS } from "../../demonstrations-agent/create-demonstrations-agent.ts";
import type { Family, Trial } from "../trial-book.ts";
import { selectBalanced, selectDiverse, selectRandom, type Selection } from "./select-demonstrations.ts";

export interface Entrant {
  candidate: Candidate;
  family: Family;
}

/** Sets above this size differ little by how they were chosen. */
const LARGEST_DIVERSE = 256;
/** Nearest demonstrations to try per request. */
const NEAREST = [16, 32, 8];
const VOTERS = [5, 10, 20, 40];
const SELECTIONS: Readonly<Record<string, Selection>> = {
  balanced: selectBalanced,
  random: selectRandom,
  diverse: selectDiverse,
};

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

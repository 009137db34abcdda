import { requireCount } from "../invalid-argument.ts";
import type { RandomSource } from "./random-source.ts";

/** A whole number in [0, bound), every one equally likely (up to bound / 2^53). */
export function randomInteger(random: RandomSource, bound: number): number {
  requireCount("bound", bound, 1);
  return Math.floor(random.uniform() * bound);
}

/** A new list with the items in random order (Fisher and Yates). */
export function shuffled<Item>(random: RandomSource, items: readonly Item[]): Item[] {
  const result = items.slice();
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const item = result[i] as Item;
    result[i] = result[j] as Item;
    result[j] = item;
  }
  return result;
}

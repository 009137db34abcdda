import { SeededRandom } from "@agent-learning/statistics";
import type { Random } from "./ports.ts";

/** A seeded stream: the same seed gives the same numbers on every platform. */
export function createRandom(seed: string | number): Random {
  const label = String(seed);
  const source = new SeededRandom(label);
  return { next: () => source.uniform(), fork: (child) => createRandom(`${label}\u0000${child}`) };
}

/** A uniform whole number in [0, limit). */
export function randomInteger(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** A new array in random order (Fisher–Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = randomInteger(random, index + 1);
    const held = result[index] as T;
    result[index] = result[other] as T;
    result[other] = held;
  }
  return result;
}

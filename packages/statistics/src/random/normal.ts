import type { RandomSource } from "./random-source.ts";

/** A draw of the standard normal distribution (Marsaglia's polar method; the second value of a pair is not kept). */
export function randomNormal(random: RandomSource): number {
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

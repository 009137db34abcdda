import { requirePositive } from "../invalid-argument.ts";
import { randomNormal } from "./normal.ts";
import type { RandomSource } from "./random-source.ts";

/** A draw of the Gamma(shape, 1) distribution, shape > 0 (Marsaglia and Tsang 2000). */
export function randomGamma(random: RandomSource, shape: number): number {
  return Math.exp(randomLnGamma(random, shape));
}

/** A draw of the Beta(a, b) distribution, a, b > 0: X / (X + Y) of two gamma draws, which tiny shapes do not underflow. */
export function randomBeta(random: RandomSource, a: number, b: number): number {
  requirePositive("a", a);
  requirePositive("b", b);
  return 1 / (1 + Math.exp(randomLnGamma(random, b) - randomLnGamma(random, a)));
}

/** The logarithm of a gamma draw; shapes below 1 through Gamma(shape) = Gamma(shape + 1) U^(1 / shape). */
function randomLnGamma(random: RandomSource, shape: number): number {
  requirePositive("shape", shape);
  if (shape < 1) return randomLnGamma(random, shape + 1) + Math.log(1 - random.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = randomNormal(random);
    const root = 1 + c * z;
    if (root <= 0) continue;
    const lnCube = 3 * Math.log(root);
    const lnUniform = Math.log(1 - random.uniform());
    if (lnUniform < 0.5 * z * z + d * (1 - root * root * root + lnCube)) return Math.log(d) + lnCube;
  }
}

import { describe, expect, test } from "vitest";
import { lnBinomialProbability } from "../special-functions/binomial.ts";
import { lnBetaTails } from "../special-functions/incomplete-beta.ts";
import { lnGammaTails } from "../special-functions/incomplete-gamma.ts";
import { normalCdf } from "../special-functions/normal.ts";
import { randomBinomial } from "./binomial.ts";
import { randomBeta, randomGamma } from "./gamma.ts";
import { randomNormal } from "./normal.ts";
import { SeededRandom } from "./seeded-random.ts";

const DRAWS = 20_000;
/** sqrt(n) times the Kolmogorov-Smirnov distance stays below this in 99.99 % of samples. */
const KOLMOGOROV_LIMIT = 2.23;

function kolmogorovDistance(draw: () => number, cdf: (x: number) => number): number {
  const sample = Array.from({ length: DRAWS }, draw).sort((a, b) => a - b);
  return sample.reduce((worst, x, i) => {
    const p = cdf(x);
    return Math.max(worst, p - i / DRAWS, (i + 1) / DRAWS - p);
  }, 0);
}

describe("draws follow their distribution function", () => {
  const beta = (a: number, b: number) => (x: number) => Math.exp(lnBetaTails(x, a, b).lower);
  const gamma = (shape: number) => (x: number) => Math.exp(lnGammaTails(shape, x).lower);
  const random = new SeededRandom("distributions");
  test.each<[string, () => number, (x: number) => number]>([
    ["normal", () => randomNormal(random), normalCdf],
    ["gamma 0.3", () => randomGamma(random, 0.3), gamma(0.3)],
    ["gamma 1", () => randomGamma(random, 1), gamma(1)],
    ["gamma 40", () => randomGamma(random, 40), gamma(40)],
    ["beta 0.5, 0.5", () => randomBeta(random, 0.5, 0.5), beta(0.5, 0.5)],
    ["beta 2, 38", () => randomBeta(random, 2, 38), beta(2, 38)],
    ["beta 300, 20", () => randomBeta(random, 300, 20), beta(300, 20)],
  ])("%s", (_name, draw, cdf) => {
    expect(Math.sqrt(DRAWS) * kolmogorovDistance(draw, cdf)).toBeLessThan(KOLMOGOROV_LIMIT);
  });
});

test("shapes that underflow a gamma draw still give beta draws in [0, 1]", () => {
  const random = new SeededRandom("tiny");
  for (let i = 0; i < 1000; i++) {
    const draw = randomBeta(random, 1e-4, 1e-4);
    expect(draw >= 0 && draw <= 1).toBe(true);
  }
});

test.each([
  [1, 0.3],
  [20, 0.05],
  [20, 0.9],
  [1000, 0.004],
  [1000, 0.3],
  [50_000, 0.7],
])("binomial draws of %d trials at %d have the expected frequencies", (trials, probability) => {
  const random = new SeededRandom(`${trials}/${probability}`);
  const mean = trials * probability;
  const deviation = Math.sqrt(mean * (1 - probability));
  const counts = new Map<number, number>();
  for (let i = 0; i < DRAWS; i++) {
    const draw = randomBinomial(random, trials, probability);
    counts.set(draw, (counts.get(draw) ?? 0) + 1);
  }
  const from = Math.max(0, Math.floor(mean - 2 * deviation));
  const to = Math.min(trials, Math.ceil(mean + 2 * deviation));
  let [chiSquare, cells] = [0, 0];
  for (let k = from; k <= to; k++) {
    const expected = DRAWS * Math.exp(lnBinomialProbability(k, trials, probability));
    if (expected < 5) continue;
    chiSquare += ((counts.get(k) ?? 0) - expected) ** 2 / expected;
    cells++;
  }
  expect(cells).toBeGreaterThan(1);
  expect(chiSquare).toBeLessThan(cells + 4.5 * Math.sqrt(2 * cells));
});

test("binomial edges", () => {
  const random = new SeededRandom(3);
  expect(randomBinomial(random, 0, 0.5)).toBe(0);
  expect(randomBinomial(random, 10, 0)).toBe(0);
  expect(randomBinomial(random, 10, 1)).toBe(10);
  expect(() => randomBinomial(random, -1, 0.5)).toThrow("trials");
  expect(() => randomBinomial(random, 10, Number.NaN)).toThrow("probability");
});

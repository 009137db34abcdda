import { describe, expect, it } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { alphaInterval } from "./alpha-interval.ts";
import { krippendorffAlpha } from "./krippendorff.ts";

/** A panel of raters of whom each scores what is true, plus noise. */
function panel(seed: string, items: number, noise: number): number[][] {
  const random = new SeededRandom(seed);
  return Array.from({ length: items }, () => {
    const truth = random.uniform();
    return Array.from(
      { length: 2 + Math.floor(random.uniform() * 3) },
      () => truth + noise * (random.uniform() - 0.5),
    );
  });
}

describe("alphaInterval", () => {
  it("estimates what Krippendorff's alpha is, interval-level and over two categories", () => {
    for (const noise of [0.1, 0.5, 2]) {
      const items = panel(`noise ${noise}`, 60, noise);
      expect(alphaInterval(items, { seed: 1 })?.estimate).toBeCloseTo(
        krippendorffAlpha(items, "interval") ?? Number.NaN,
        10,
      );
      const binary = items.map((ratings) => ratings.map((rating) => (rating > 0.5 ? 1 : 0)));
      expect(alphaInterval(binary, { seed: 1 })?.estimate).toBeCloseTo(
        krippendorffAlpha(binary, "nominal") ?? Number.NaN,
        10,
      );
    }
  });

  it("leaves out single ratings and has nothing to say where nothing varies", () => {
    const items = panel("left out", 30, 0.4);
    expect(alphaInterval([...items, [9], []], { seed: 1 })).toEqual(alphaInterval(items, { seed: 1 }));
    expect(
      alphaInterval(
        [
          [1, 1],
          [1, 1],
        ],
        { seed: 1 },
      ),
    ).toBeUndefined();
    expect(alphaInterval([[1]], { seed: 1 })).toBeUndefined();
  });

  it("is the same for the same seed, and holds the estimate", () => {
    const items = panel("same", 50, 0.6);
    const found = alphaInterval(items, { seed: "a" });
    expect(alphaInterval(items, { seed: "a" })).toEqual(found);
    expect(found?.lower).toBeLessThan(found?.estimate ?? 0);
    expect(found?.upper).toBeGreaterThan(found?.estimate ?? 0);
  });

  it("holds the alpha of all such items in about 95 of 100 panels", () => {
    const truth = krippendorffAlpha(panel("all", 40_000, 0.8), "interval") ?? Number.NaN;
    let held = 0;
    const panels = 200;
    for (let number = 0; number < panels; number++) {
      const found = alphaInterval(panel(`panel ${number}`, 80, 0.8), { seed: number, resamples: 400 });
      if (found !== undefined && found.lower <= truth && truth <= found.upper) held++;
    }
    // Percentile intervals of a skewed statistic are a little short; 3 standard deviations of chance below 0.93.
    expect(held / panels).toBeGreaterThan(0.876);
  });

  it("says what it cannot use", () => {
    expect(() => alphaInterval([[1, Number.NaN]], { seed: 1 })).toThrow("finite");
    expect(() => alphaInterval([], { seed: 1, resamples: 10 })).toThrow("resamples");
    expect(() => alphaInterval([], { seed: 1, alpha: 0 })).toThrow("alpha");
  });
});

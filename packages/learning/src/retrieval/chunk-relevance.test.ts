import { SeededRandom } from "@agent-learning/statistics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addRelevance,
  fadeRelevance,
  meanRelevance,
  RELEVANCE_HALF_LIFE_MILLISECONDS,
  relevanceFeature,
  relevancePrior,
  spreadVerdict,
} from "./chunk-relevance.ts";

const HALF_LIFE = RELEVANCE_HALF_LIFE_MILLISECONDS;

describe("addRelevance", () => {
  test("values worked out by hand", () => {
    const prior = relevancePrior(0.5, 2, 0);
    const liked = addRelevance(prior, { relevant: 1, weight: 1, examination: 0.3, at: 0 });
    expect([liked.alpha, liked.beta]).toEqual([2, 1]);
    // .4 · (1 − .5) / (1 − .4 · .5) = .25
    const skipped = addRelevance(prior, { relevant: 0, weight: 1, examination: 0.4, at: 0 });
    expect(skipped.alpha).toBe(1);
    expect(skipped.beta).toBeCloseTo(1.25, 12);
    expect(relevanceFeature(prior)).toBe(0);
    expect(relevanceFeature(liked)).toBeCloseTo(Math.log(2), 12);
  });

  // A reader marks what he saw and found relevant: with probability θ·r. Whatever θ is, the mean settles at r.
  test.each([
    [0.7, 0.9],
    [0.7, 0.3],
    [0.2, 0.5],
    [0.4, 0.1],
  ])("settles at the true relevance %f though only %f of it is seen", (truth, examination) => {
    const random = new SeededRandom(`${truth}/${examination}`);
    let state = relevancePrior(0.5, 2, 0);
    let sum = 0;
    const events = 60_000;
    for (let event = 0; event < events; event += 1) {
      const relevant = random.uniform() < examination * truth ? 1 : 0;
      state = addRelevance(state, { relevant, weight: 1, examination, at: 0 });
      if (event >= events / 2) sum += meanRelevance(state);
    }
    expect(Math.abs(sum / (events / 2) - truth)).toBeLessThan(0.03);
  });

  test("says nothing about what nobody saw", () => {
    const prior = relevancePrior(0.3, 4, 0);
    expect(addRelevance(prior, { relevant: 0, weight: 1, examination: 0, at: 0 })).toEqual(prior);
  });

  test("does not care in which order certain evidence comes", () => {
    const event = fc.record({
      relevant: fc.constantFrom(0, 1),
      weight: fc.double({ min: 0, max: 2, noNaN: true }),
      at: fc.integer({ min: 0, max: 10 * HALF_LIFE }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const end = 10 * HALF_LIFE;
        const run = (list: typeof events) => {
          const state = list.reduce(
            (before, each) => addRelevance(before, { ...each, examination: 1 }),
            relevancePrior(0.4, 3, 0),
          );
          return fadeRelevance(state, end);
        };
        const [one, other] = [run(events), run(events.toReversed())];
        expect(other.alpha).toBeCloseTo(one.alpha, 9);
        expect(other.beta).toBeCloseTo(one.beta, 9);
      }),
    );
  });

  test("refuses what is no probability", () => {
    const prior = relevancePrior(0.5, 2, 0);
    for (const examination of [-0.1, 1.1, Number.NaN])
      expect(() => addRelevance(prior, { relevant: 1, weight: 1, examination, at: 0 })).toThrow(RangeError);
    expect(() => relevancePrior(1, 2, 0)).toThrow(/between 0 and 1/);
    expect(() => relevancePrior(0.5, 0, 0)).toThrow(/above 0/);
  });
});

test("evidence fades by half in a half-life, towards the prior", () => {
  const state = addRelevance(relevancePrior(0.25, 4, 0), { relevant: 1, weight: 3, examination: 1, at: 0 });
  const later = fadeRelevance(state, HALF_LIFE);
  expect([later.alpha, later.beta]).toEqual([1 + 1.5, 3]);
  expect(fadeRelevance(later, 0)).toBe(later);
  expect(relevanceFeature(fadeRelevance(state, 100 * HALF_LIFE))).toBeCloseTo(0, 9);
});

describe("spreadVerdict", () => {
  const shown = [
    { chunk: "a", examination: 0.9, citations: 3 },
    { chunk: "b", examination: 0.6, citations: 1 },
    { chunk: "c", examination: 0.3, citations: 0 },
  ];

  test("goes to what is cited, by its share", () => {
    expect(spreadVerdict(shown, false, 7)).toEqual([
      {
        chunk: "a",
        evidence: { relevant: 0, weight: expect.closeTo(0.15, 12) as number, examination: 1, at: 7 },
      },
      {
        chunk: "b",
        evidence: { relevant: 0, weight: expect.closeTo(0.05, 12) as number, examination: 1, at: 7 },
      },
    ]);
  });

  test("goes by examination where nothing is cited", () => {
    const uncited = shown.map((each) => ({ ...each, citations: 0 }));
    const weights = spreadVerdict(uncited, true, 0).map(({ evidence }) => evidence.weight);
    expect(weights.map((weight) => weight.toFixed(4))).toEqual(["0.1000", "0.0667", "0.0333"]);
    expect(spreadVerdict([], true, 0)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { SeededRandom } from "../random/seeded-random.ts";
import { dawidSkene, type Judgement } from "./dawid-skene.ts";

/** Raters of the given accuracies judge every item; wrong answers are evenly spread. */
function panel(
  accuracies: readonly number[],
  items: number,
  categories: number,
  seed: string,
): { truth: number[]; judgements: Judgement[] } {
  const random = new SeededRandom(seed);
  const truth = Array.from({ length: items }, () => Math.floor(random.uniform() * categories));
  const judgements = truth.flatMap((right, item) =>
    accuracies.map((accuracy, rater) => {
      const offset = random.uniform() < accuracy ? 0 : 1 + Math.floor(random.uniform() * (categories - 1));
      return { item, rater, category: (right + offset) % categories };
    }),
  );
  return { truth, judgements };
}

function share(truth: readonly number[], decided: readonly number[]): number {
  return truth.filter((right, i) => decided[i] === right).length / truth.length;
}

function argmax(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}

describe("a panel of one reliable and four poor raters", () => {
  const accuracies = [0.95, 0.6, 0.55, 0.5, 0.55];
  const { truth, judgements } = panel(accuracies, 400, 3, "panel");
  const result = dawidSkene(judgements, { items: 400, raters: 5, categories: 3 });

  test("the raters' accuracies are found", () => {
    accuracies.forEach((accuracy, i) =>
      expect(Math.abs((result.accuracy[i] as number) - accuracy)).toBeLessThan(0.06),
    );
  });

  test("the decisions are better than the majority's", () => {
    const majority = truth.map((_, item) => {
      const votes = [0, 0, 0];
      for (const judgement of judgements)
        if (judgement.item === item) votes[judgement.category] = (votes[judgement.category] as number) + 1;
      return argmax(votes);
    });
    const decided = result.truth.map(argmax);
    expect(share(truth, decided)).toBeGreaterThan(share(truth, majority) + 0.05);
  });

  test("rows are probabilities", () => {
    for (const row of [...result.truth, ...result.confusion.flat(), result.prevalence]) {
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      for (const p of row) expect(p >= 0 && p <= 1).toBe(true);
    }
  });
});

test("the prior keeps a small panel from calling anyone infallible", () => {
  const judgements = [0, 1, 2, 3].flatMap((item) =>
    [0, 1, 2].map((rater) => ({ item, rater, category: item % 2 })),
  );
  const { accuracy } = dawidSkene(judgements, { items: 4, raters: 3, categories: 2 });
  for (const value of accuracy) {
    expect(value).toBeGreaterThan(0.7);
    expect(value).toBeLessThan(0.95);
  }
});

test("the order of the judgements does not matter", () => {
  const { judgements } = panel([0.9, 0.7, 0.6], 60, 2, "order");
  const options = { items: 60, raters: 3, categories: 2 };
  const forwards = dawidSkene(judgements, options);
  const backwards = dawidSkene(judgements.toReversed(), options);
  forwards.accuracy.forEach((value, i) => expect(backwards.accuracy[i]).toBeCloseTo(value, 9));
});

test("hundreds of judgements of one item do not underflow", () => {
  const judgements = Array.from({ length: 3000 }, (_, rater) => ({
    item: 0,
    rater,
    category: rater % 3 === 0 ? 0 : 1,
  }));
  const [row] = dawidSkene(judgements, { items: 1, raters: 3000, categories: 2 }).truth;
  expect(row?.[1]).toBeCloseTo(1, 6);
});

test("an item that nobody judged has the prevalences", () => {
  const result = dawidSkene([{ item: 0, rater: 0, category: 1 }], { items: 2, raters: 1, categories: 2 });
  (result.truth[1] as number[]).forEach((p, c) => expect(p).toBeCloseTo(result.prevalence[c] as number, 6));
});

test("judgements that have no meaning are refused by name", () => {
  const options = { items: 1, raters: 1, categories: 2 };
  expect(() => dawidSkene([{ item: 0, rater: 0, category: 2 }], options)).toThrow("judgements[0]");
  expect(() => dawidSkene([{ item: -1, rater: 0, category: 0 }], options)).toThrow("judgements[0]");
  expect(() => dawidSkene([], { ...options, categories: 1 })).toThrow("categories");
  expect(() => dawidSkene([], { ...options, wrongPrior: 0 })).toThrow("wrongPrior");
});

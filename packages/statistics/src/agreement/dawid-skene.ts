import { InvalidArgument, requireCount, requirePositive } from "../invalid-argument.ts";

/** One judgement: who said which category of which item; all are positions from 0. */
export interface Judgement {
  readonly item: number;
  readonly rater: number;
  readonly category: number;
}

export interface DawidSkeneOptions {
  readonly items: number;
  readonly raters: number;
  readonly categories: number;
  /** Imagined right judgements per rater and true category; default 2. Wrong ones: `wrongPrior` per other category, default 0.5. */
  readonly rightPrior?: number;
  readonly wrongPrior?: number;
}

export interface DawidSkeneResult {
  /** `truth[item][category]`: probability that it is the true category. Items without judgement have the prevalences. */
  readonly truth: readonly (readonly number[])[];
  /** `confusion[rater][true category][said category]`, rows adding up to 1. */
  readonly confusion: readonly (readonly (readonly number[])[])[];
  readonly prevalence: readonly number[];
  /** Per rater: probability of being right, over the categories by prevalence. */
  readonly accuracy: readonly number[];
}

const ROUNDS = 500;

/**
 * Raters' reliabilities and items' true categories from nothing but who said what (Dawid and Skene 1979), by expectation
 * maximisation with a Dirichlet prior on each rater's confusion. The plain estimate saturates on small panels: a rater who was
 * never outvoted becomes infallible and outvotes everybody.
 */
export function dawidSkene(judgements: readonly Judgement[], options: DawidSkeneOptions): DawidSkeneResult {
  const { items, raters, categories } = options;
  requireInput(judgements, options);
  const table = (rows: number, fill: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: categories }, () => fill));
  let truth = table(items, 0);
  for (const { item, category } of judgements) increase(truth[item] as number[], category, 1);
  truth = truth.map(normalised);

  let model = maximise(judgements, truth, options);
  for (let round = 0; round < ROUNDS; round++) {
    const next = expectTruth(judgements, model, items);
    const change = Math.max(0, ...next.map((row, i) => distance(row, truth[i] as number[])));
    truth = next;
    model = maximise(judgements, truth, options);
    if (change < 1e-12) break;
  }
  const accuracy = Array.from({ length: raters }, (_, rater) =>
    model.prevalence.reduce((sum, share, c) => sum + share * (model.confusion[rater]?.[c]?.[c] as number), 0),
  );
  return { truth, ...model, accuracy };
}

interface Model {
  readonly confusion: number[][][];
  readonly prevalence: number[];
}

function maximise(
  judgements: readonly Judgement[],
  truth: readonly number[][],
  options: DawidSkeneOptions,
): Model {
  const { raters, categories, rightPrior = 2, wrongPrior = 0.5 } = options;
  const counts = Array.from({ length: raters }, () =>
    Array.from({ length: categories }, (_, c) =>
      Array.from({ length: categories }, (_, said) => (said === c ? rightPrior : wrongPrior)),
    ),
  );
  for (const { item, rater, category } of judgements) {
    (truth[item] as number[]).forEach((p, c) => increase(counts[rater]?.[c] as number[], category, p));
  }
  const judged = new Set(judgements.map(({ item }) => item));
  const prevalence = Array.from({ length: categories }, () => 1);
  for (const item of judged) (truth[item] as number[]).forEach((p, c) => increase(prevalence, c, p));
  return { confusion: counts.map((rows) => rows.map(normalised)), prevalence: normalised(prevalence) };
}

/** Probabilities as sums of logarithms: hundreds of judgements of one item would underflow a product. */
function expectTruth(judgements: readonly Judgement[], model: Model, items: number): number[][] {
  const lnPrevalence = model.prevalence.map(Math.log);
  const lnTruth = Array.from({ length: items }, () => lnPrevalence.slice());
  for (const { item, rater, category } of judgements) {
    (model.confusion[rater] as number[][]).forEach((row, c) =>
      increase(lnTruth[item] as number[], c, Math.log(row[category] as number)),
    );
  }
  return lnTruth.map((row) => {
    const largest = Math.max(...row);
    return normalised(row.map((ln) => Math.exp(ln - largest)));
  });
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total === 0 ? 1 / values.length : value / total));
}

function increase(values: number[], index: number, by: number): void {
  values[index] = (values[index] as number) + by;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}

function requireInput(judgements: readonly Judgement[], options: DawidSkeneOptions): void {
  requireCount("items", options.items);
  requireCount("raters", options.raters);
  requireCount("categories", options.categories, 2);
  requirePositive("rightPrior", options.rightPrior ?? 2);
  requirePositive("wrongPrior", options.wrongPrior ?? 0.5);
  judgements.forEach(({ item, rater, category }, i) => {
    const isInside = (value: number, size: number): boolean =>
      Number.isInteger(value) && value >= 0 && value < size;
    if (
      !isInside(item, options.items) ||
      !isInside(rater, options.raters) ||
      !isInside(category, options.categories)
    ) {
      throw new InvalidArgument(
        `judgements[${i}]`,
        "positions of an item, a rater and a category",
        judgements[i],
      );
    }
  });
}

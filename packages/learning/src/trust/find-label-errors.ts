import { createBm25Index } from "../text/bm25.ts";
import { terms } from "../text/tokenise.ts";

/** An example as a classifier sees it. */
export interface LabelledExample {
  id: string;
  input: string;
  /** What it is said to be. */
  label: string;
  /** Examples with equal keys never vote for each other; default: each stands alone. */
  group?: string;
}

export interface LabelError {
  id: string;
  /** Out-of-fold probability of its own label, and of the one that it seems to be. */
  ownProbability: number;
  otherProbability: number;
  otherLabel: string;
}

export interface LabelErrors {
  /** Examples whose label at least one other has: only those can be compared. */
  compared: number;
  labels: number;
  /** Most doubtful first. */
  errors: LabelError[];
}

const NEIGHBOURS = 15;
/** Votes of nobody, spread over all labels: a single neighbour is no certainty. */
const DOUBT = 0.5;

/**
 * Examples whose label is probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021): each is classified by its
 * neighbours without itself and its group (BM25, votes by the cube of similarity), and is named when the probability of another
 * label is at least what that label's own examples have on average, and more than its own. The literature finds about half of what is named
 * to be wrong: it is a reason to look again, never to change a label.
 *
 * Costs one search of the index for each example; 2,000 examples take about a second.
 */
export function findLabelErrors(examples: readonly LabelledExample[]): LabelErrors {
  const counts = Map.groupBy(examples, ({ label }) => label);
  const known = examples.filter(({ label }) => (counts.get(label)?.length ?? 0) > 1);
  const labels = [...new Set(known.map(({ label }) => label))];
  if (labels.length < 2) return { compared: known.length, labels: labels.length, errors: [] };
  const documents = known.map(({ input }) => terms(input));
  const index = createBm25Index(documents);
  const probabilities = known.map((example, own) => {
    const group = example.group ?? example.id;
    const skip = (document: number): boolean =>
      document === own || (known[document]?.group ?? known[document]?.id) === group;
    const matches = index.search(documents[own] as string[], NEIGHBOURS, skip);
    const best = matches[0]?.score ?? 1;
    const votes = new Map<string, number>();
    let total = DOUBT;
    for (const { document, score } of matches) {
      const vote = (score / best) ** 3;
      const label = known[document]?.label as string;
      votes.set(label, (votes.get(label) ?? 0) + vote);
      total += vote;
    }
    const floor = DOUBT / labels.length;
    return (label: string): number => ((votes.get(label) ?? 0) + floor) / total;
  });
  // What a label's own examples say of it on average: labels that are hard to tell are held to less.
  const sums = new Map<string, number>();
  for (const [own, { label }] of known.entries())
    sums.set(label, (sums.get(label) ?? 0) + (probabilities[own]?.(label) ?? 0));
  const thresholds = new Map(
    labels.map((label) => [label, (sums.get(label) ?? 0) / (counts.get(label)?.length ?? 1)]),
  );
  const errors = known.flatMap(({ id, label }, own): LabelError[] => {
    const probability = probabilities[own] as (label: string) => number;
    const ownProbability = probability(label);
    let best: { label: string; probability: number } | undefined;
    for (const other of labels) {
      const found = probability(other);
      if (other === label || found < (thresholds.get(other) ?? 1) || found <= ownProbability) continue;
      if (best === undefined || found > best.probability) best = { label: other, probability: found };
    }
    if (best === undefined) return [];
    return [{ id, ownProbability, otherProbability: best.probability, otherLabel: best.label }];
  });
  errors.sort(
    (one, other) =>
      other.otherProbability - other.ownProbability - (one.otherProbability - one.ownProbability),
  );
  return { compared: known.length, labels: labels.length, errors };
}

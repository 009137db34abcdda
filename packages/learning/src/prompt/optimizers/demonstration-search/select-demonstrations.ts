import type { Random } from "../../../ports.ts";
import { shuffled } from "../../../random.ts";
import { createBm25Index } from "../../../text/bm25.ts";
import { terms } from "../../../text/tokenise.ts";
import type { Demonstration } from "../../candidate.ts";

export type Selection = (
  pool: readonly Demonstration[],
  size: number,
  random: Random,
) => readonly Demonstration[];

/** Pool from which representative demonstrations are chosen: the work grows with its square. */
const LARGEST_COMPARED = 600;

/** Any `size` of the pool. */
export const selectRandom: Selection = (pool, size, random) => shuffled(random, pool).slice(0, size);

/**
 * As evenly over the outputs as the pool allows, in random order. Where nearly every output is different (free text)
 * this is a random choice.
 */
export const selectBalanced: Selection = (pool, size, random) => {
  const groups = shuffled(
    random,
    [...Map.groupBy(pool, (demonstration) => demonstration.output).values()].map((group) =>
      shuffled(random, group),
    ),
  );
  const chosen: Demonstration[] = [];
  for (let round = 0; chosen.length < Math.min(size, pool.length); round += 1) {
    for (const group of groups) {
      const demonstration = group[round];
      if (demonstration && chosen.length < size) chosen.push(demonstration);
    }
  }
  return shuffled(random, chosen);
};

/**
 * Those that together stand nearest to the whole pool: greedy facility location over BM25 similarity relative to each
 * input's similarity with itself, which covers the kinds of input there are instead of collecting outliers.
 */
export const selectDiverse: Selection = (pool, size, random) => {
  const compared = shuffled(random, pool).slice(0, LARGEST_COMPARED);
  const similarities = similarityMatrix(compared);
  const covered = new Float64Array(compared.length);
  const chosen: Demonstration[] = [];
  // A gain only falls as more is covered, so one that is still the largest after counting it again is the largest.
  const gains = similarities.map((row) => coverageGain(row, covered));
  while (chosen.length < Math.min(size, compared.length)) {
    let best = indexOfLargest(gains);
    for (;;) {
      gains[best] = coverageGain(similarities[best] as Float64Array, covered);
      const next = indexOfLargest(gains);
      if (next === best) break;
      best = next;
    }
    gains[best] = -Infinity;
    chosen.push(compared[best] as Demonstration);
    const row = similarities[best] as Float64Array;
    for (let other = 0; other < covered.length; other += 1) {
      covered[other] = Math.max(covered[other] as number, row[other] as number);
    }
  }
  return shuffled(random, chosen);
};

/** The selections by name. */
export const SELECTIONS: Readonly<Record<string, Selection>> = {
  balanced: selectBalanced,
  random: selectRandom,
  diverse: selectDiverse,
};

function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}

/** Row c, column d: how well demonstration c stands for input d, 0 to about 1. */
function similarityMatrix(demonstrations: readonly Demonstration[]): Float64Array[] {
  const documents = demonstrations.map((demonstration) => terms(demonstration.input));
  const index = createBm25Index(documents);
  const matrix = documents.map(() => new Float64Array(documents.length));
  for (const [input, document] of documents.entries()) {
    const scores = index.scoreAll(document);
    const self = scores[input] || 1;
    for (let candidate = 0; candidate < documents.length; candidate += 1) {
      (matrix[candidate] as Float64Array)[input] = (scores[candidate] as number) / self;
    }
  }
  return matrix;
}

function coverageGain(row: Float64Array, covered: Float64Array): number {
  let gain = 0;
  for (let input = 0; input < row.length; input += 1) {
    const more = (row[input] as number) - (covered[input] as number);
    if (more > 0) gain += more;
  }
  return gain;
}

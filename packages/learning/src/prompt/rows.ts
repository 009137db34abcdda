import { normaliseText } from "../text/tokenise.ts";

/** A gold row: what an approved example says the answer should be. */
export interface Row {
  /** Unique within a task; the learning example's id where there is one. */
  id: string;
  input: string;
  expected: string;
}

export interface Contradiction {
  input: string;
  /** Each output that rows give for the input, most frequent first. */
  outputs: string[];
  kept: string;
}

export interface DistinctRows {
  /** One row for each distinct input, in the order of first appearance. */
  rows: Row[];
  contradictions: Contradiction[];
}

/** Equal for inputs that differ only in case, white space or Unicode form. */
export function inputKey(input: string): string {
  return normaliseText(input);
}

/**
 * One row for each input. Where rows with the same input disagree, the most frequent output is kept, at equal counts
 * the one given last, because rows come in the order in which people gave them.
 */
export function distinctRows(rows: readonly Row[]): DistinctRows {
  const groups = Map.groupBy(rows, (row) => inputKey(row.input));
  const contradictions: Contradiction[] = [];
  const kept = [...groups.values()].map((group) => {
    const winner = mostFrequentRow(group);
    const outputs = [...Map.groupBy(group, (row) => row.expected)]
      .sort((one, other) => other[1].length - one[1].length)
      .map(([output]) => output);
    if (outputs.length > 1) contradictions.push({ input: winner.input, outputs, kept: winner.expected });
    return winner;
  });
  return { rows: kept, contradictions };
}

function mostFrequentRow(group: readonly Row[]): Row {
  const counts = new Map<string, number>();
  for (const row of group) counts.set(row.expected, (counts.get(row.expected) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return group.findLast((row) => counts.get(row.expected) === most) as Row;
}

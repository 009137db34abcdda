import { createBm25Index } from "../../text/bm25.ts";
import { terms } from "../../text/tokenise.ts";
import type { Demonstration } from "../candidate.ts";
import { inputKey } from "../rows.ts";

export interface LeaveOut {
  exampleId?: string;
  input?: string;
}

export interface DemonstrationMatch {
  demonstration: Demonstration;
  /** Its place in the list of demonstrations. */
  place: number;
  /** BM25 score, above 0. */
  score: number;
}

export interface DemonstrationIndex {
  /** "" without demonstrations; at equal counts the output that comes first. */
  mostFrequentOutput: string;
  /** The `limit` most similar demonstrations that share a term with the input, nearest first. */
  nearest(input: string, limit: number, leaveOut?: LeaveOut): DemonstrationMatch[];
}

/** Built once for a list of demonstrations; memory is about 100 postings for each. */
export function createDemonstrationIndex(demonstrations: readonly Demonstration[]): DemonstrationIndex {
  const index = createBm25Index(demonstrations.map((demonstration) => terms(demonstration.input)));
  let keys: string[] | undefined;
  return {
    mostFrequentOutput: mostFrequent(demonstrations.map((demonstration) => demonstration.output)),
    nearest(input, limit, leaveOut) {
      let skip: ((place: number) => boolean) | undefined;
      if (leaveOut) {
        keys ??= demonstrations.map((demonstration) => inputKey(demonstration.input));
        skip = leftOut(demonstrations, keys, leaveOut);
      }
      return index.search(terms(input), limit, skip).map(({ document, score }) => ({
        demonstration: demonstrations[document] as Demonstration,
        place: document,
        score,
      }));
    },
  };
}

function leftOut(
  demonstrations: readonly Demonstration[],
  keys: readonly string[],
  { exampleId, input }: LeaveOut,
): (place: number) => boolean {
  const key = input === undefined ? undefined : inputKey(input);
  return (place) =>
    (exampleId !== undefined && demonstrations[place]?.exampleId === exampleId) || keys[place] === key;
}

function mostFrequent(outputs: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const output of outputs) counts.set(output, (counts.get(output) ?? 0) + 1);
  let winner = "";
  let most = 0;
  for (const [output, count] of counts) {
    if (count > most) {
      winner = output;
      most = count;
    }
  }
  return winner;
}

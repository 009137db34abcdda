/** Rows of the inverted index that a search reads from its beginning, term by term; the rarest term is always read. */
export const READ_ROWS = 20_000;
/** Of a single term, whatever it is. */
export const MOST_OF_ONE = 100_000;

/** A term of a search. */
export interface SoughtTerm {
  term: string;
  /** Its weight times its inverse document frequency. */
  gain: number;
  /** Chunks that it is in. */
  holders: number;
}

/**
 * Which terms' chunks are candidates: the rarest first, as long as there is room. What is left out is in so many chunks that it hardly
 * tells them apart; of the best candidates it is looked up. All of them where there is room for all: then nothing is lost.
 */
export function planReading(
  terms: readonly SoughtTerm[],
  room: number = READ_ROWS,
): { read: SoughtTerm[]; lookUp: SoughtTerm[] } {
  const rarestFirst = terms
    .filter(({ holders }) => holders > 0)
    .toSorted((one, other) => one.holders - other.holders || (one.term < other.term ? -1 : 1));
  const read: SoughtTerm[] = [];
  let rows = 0;
  for (const term of rarestFirst) {
    rows += term.holders;
    if (read.length > 0 && rows > room) break;
    read.push(term);
  }
  return { read, lookUp: rarestFirst.slice(read.length) };
}

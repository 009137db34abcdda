/** A document and its BM25 score for one query; scores are above 0. */
export interface Match {
  document: number;
  score: number;
}

export interface Bm25Options {
  /** Saturation of the term frequency. */
  k1?: number;
  /** Weight of the document's length, 0 to 1. */
  b?: number;
}

export interface Bm25Index {
  size: number;
  /**
   * The `limit` best documents that share a term with the query, best first, ties by lower document number.
   * A term that the query repeats counts once. `skip` leaves documents out.
   */
  search(query: readonly string[], limit: number, skip?: (document: number) => boolean): Match[];
  /** The scores of all documents, 0 where no term is shared. */
  scoreAll(query: readonly string[]): Float64Array;
  /** The score that a document would have which is the query itself: what a perfect match reaches. Above 0 for a query with terms. */
  selfScore(query: readonly string[]): number;
}

interface Postings {
  documents: Int32Array;
  /** The finished BM25 contribution of the term to each document. */
  weights: Float64Array;
}

/**
 * Inverted index with precomputed impacts. Score of term t in document d, as Lucene has it (Robertson and Zaragoza
 * 2009, with the idf kept positive): ln(1 + (N − df + ½)/(df + ½)) · tf (k1 + 1) / (tf + k1 (1 − b + b · |d|/mean |d|)).
 */
export function createBm25Index(
  documents: readonly (readonly string[])[],
  { k1 = 1.2, b = 0.75 }: Bm25Options = {},
): Bm25Index {
  const size = documents.length;
  const meanLength = documents.reduce((sum, terms) => sum + terms.length, 0) / size || 1;
  const index = buildPostings(documents, meanLength, k1, b);
  const scores = new Float64Array(size);
  const accumulate = (query: readonly string[], target: Float64Array, touched?: number[]): void => {
    for (const term of new Set(query)) {
      const postings = index.get(term);
      if (!postings) continue;
      for (let place = 0; place < postings.documents.length; place += 1) {
        const document = postings.documents[place] as number;
        if (target[document] === 0) touched?.push(document);
        (target[document] as number) += postings.weights[place] as number;
      }
    }
  };
  return {
    size,
    search(query, limit, skip) {
      const touched: number[] = [];
      accumulate(query, scores, touched);
      const best: Match[] = [];
      for (const document of touched) {
        const score = scores[document] as number;
        scores[document] = 0;
        if (!skip?.(document)) insert(best, { document, score }, limit);
      }
      return best;
    },
    scoreAll(query) {
      const all = new Float64Array(size);
      accumulate(query, all);
      return all;
    },
    selfScore(query) {
      const counts = new Map<string, number>();
      for (const term of query) counts.set(term, (counts.get(term) ?? 0) + 1);
      let score = 0;
      for (const [term, count] of counts) {
        const idf = inverseFrequency(size, index.get(term)?.documents.length ?? 0);
        score += idf * saturation(count, query.length / meanLength, k1, b);
      }
      return score;
    },
  };
}

/** The scores of one query for documents that are not kept: all are counted in one pass and scored in a second. */
export interface StreamedBm25 {
  /** First pass. */
  count(document: readonly string[]): void;
  /** Second pass: the score of a document that was counted, as an index of all of them would have it; 0 where no term is shared. */
  score(document: readonly string[]): number;
}

/** BM25 as `createBm25Index` has it, in memory that does not grow with the documents. A term that the query repeats counts once. */
export function streamBm25(query: readonly string[], { k1 = 1.2, b = 0.75 }: Bm25Options = {}): StreamedBm25 {
  const holders = new Map(query.map((term) => [term, 0]));
  let size = 0;
  let length = 0;
  return {
    count(document) {
      size += 1;
      length += document.length;
      for (const term of new Set(document)) {
        const known = holders.get(term);
        if (known !== undefined) holders.set(term, known + 1);
      }
    },
    score(document) {
      const meanLength = length / size || 1;
      let score = 0;
      for (const [term, held] of holders) {
        const count = document.reduce((sum, other) => (other === term ? sum + 1 : sum), 0);
        if (count > 0)
          score += inverseFrequency(size, held) * saturation(count, document.length / meanLength, k1, b);
      }
      return score;
    },
  };
}

const inverseFrequency = (size: number, holders: number): number =>
  Math.log(1 + (size - holders + 0.5) / (holders + 0.5));

const saturation = (count: number, relativeLength: number, k1: number, b: number): number =>
  (count * (k1 + 1)) / (count + k1 * (1 - b + b * relativeLength));

function buildPostings(
  documents: readonly (readonly string[])[],
  meanLength: number,
  k1: number,
  b: number,
): Map<string, Postings> {
  const frequencies = new Map<string, Map<number, number>>();
  for (const [document, terms] of documents.entries()) {
    for (const term of terms) {
      let counts = frequencies.get(term);
      if (!counts) frequencies.set(term, (counts = new Map()));
      counts.set(document, (counts.get(document) ?? 0) + 1);
    }
  }
  const index = new Map<string, Postings>();
  for (const [term, counts] of frequencies) {
    const idf = inverseFrequency(documents.length, counts.size);
    const weights = new Float64Array(counts.size);
    let place = 0;
    for (const [document, count] of counts) {
      const length = documents[document]?.length ?? 0;
      weights[place] = idf * saturation(count, length / meanLength, k1, b);
      place += 1;
    }
    index.set(term, { documents: Int32Array.from(counts.keys()), weights });
  }
  return index;
}

/** Keeps `best` sorted and no longer than `limit`: cheap, because most documents fail the first comparison. */
function insert(best: Match[], match: Match, limit: number): void {
  const last = best.at(-1);
  if (best.length >= limit && (limit <= 0 || (last && !isBetter(match, last)))) return;
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBetter(match, best[middle] as Match)) high = middle;
    else low = middle + 1;
  }
  best.splice(low, 0, match);
  if (best.length > limit) best.pop();
}

function isBetter(one: Match, other: Match): boolean {
  return one.score > other.score || (one.score === other.score && one.document < other.document);
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBm25Index, streamBm25 } from "./bm25.ts";

const documents = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 8 }), {
  maxLength: 12,
});
const query = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "z"), { maxLength: 5 });

/** The formula, written down again without an index. */
function reference(all: readonly string[][], terms: readonly string[], k1 = 1.2, b = 0.75): number[] {
  const mean = all.reduce((sum, document) => sum + document.length, 0) / all.length || 1;
  return all.map((document) => {
    let score = 0;
    for (const term of new Set(terms)) {
      const frequency = document.filter((other) => other === term).length;
      if (frequency === 0) continue;
      const holders = all.filter((other) => other.includes(term)).length;
      const idf = Math.log(1 + (all.length - holders + 0.5) / (holders + 0.5));
      score += (idf * frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * document.length) / mean));
    }
    return score;
  });
}

describe("createBm25Index", () => {
  test("a value worked out by hand", () => {
    const index = createBm25Index([["x", "y"], ["x"], ["z", "z", "z"]]);
    // df(y) = 1 of 3, tf = 1, |d| = 2 = mean: ln(1 + 2.5/1.5) · 2.2 / 2.2
    expect(index.search(["y"], 5)).toEqual([
      { document: 0, score: expect.closeTo(Math.log(1 + 2.5 / 1.5), 12) as number },
    ]);
  });

  test("scores are the formula's, for any documents", () => {
    fc.assert(
      fc.property(documents, query, (all, terms) => {
        const index = createBm25Index(all);
        const expected = reference(all, terms);
        const scores = index.scoreAll(terms);
        expect(scores).toHaveLength(all.length);
        for (const [document, score] of expected.entries()) expect(scores[document]).toBeCloseTo(score, 10);
      }),
    );
  });

  test("search gives the best first, ties by document, and only what shares a term", () => {
    fc.assert(
      fc.property(documents, query, fc.integer({ min: 0, max: 6 }), (all, terms, limit) => {
        const index = createBm25Index(all);
        const scores = index.scoreAll(terms);
        const expected = [...scores]
          .map((score, document) => ({ document, score }))
          .filter((match) => match.score > 0)
          .sort((one, other) => other.score - one.score || one.document - other.document)
          .slice(0, limit);
        expect(index.search(terms, limit)).toEqual(expected);
        // The index keeps no state between searches.
        expect(index.search(terms, limit)).toEqual(expected);
      }),
    );
  });

  test("skipped documents make room for others", () => {
    const index = createBm25Index([["a"], ["a"], ["a", "b"]]);
    const found = index.search(["a"], 2, (document) => document === 0).map((match) => match.document);
    expect(found).toEqual([1, 2]);
  });

  test("a query's own score is that of a document which is the query", () => {
    const others = [["a", "b"], ["c"], ["a", "d", "d"]];
    fc.assert(
      fc.property(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), (terms) => {
        // One among the documents, so that the index knows it; the mean length and the holders then count it too.
        const index = createBm25Index([...others, terms]);
        expect(index.selfScore(terms)).toBeCloseTo(index.scoreAll(terms)[3] ?? 0, 12);
      }),
    );
    expect(createBm25Index(others).selfScore([])).toBe(0);
    expect(createBm25Index(others).selfScore(["unknown"])).toBeGreaterThan(0);
  });

  test("an empty index finds nothing", () => {
    expect(createBm25Index([]).search(["a"], 3)).toEqual([]);
    expect(createBm25Index([[], []]).search(["a"], 3)).toEqual([]);
  });
});

describe("streamBm25", () => {
  test("scores every document as the formula does", () => {
    fc.assert(
      fc.property(documents, query, (all, asked) => {
        const streamed = streamBm25(asked);
        for (const document of all) streamed.count(document);
        const expected = reference(all, asked);
        for (const [place, document] of all.entries())
          expect(streamed.score(document)).toBeCloseTo(expected[place] ?? 0, 12);
      }),
    );
  });
});

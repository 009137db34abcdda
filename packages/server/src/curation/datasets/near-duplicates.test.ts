import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DisjointSets } from "@agent-learning/learning";
import { NEAR_DUPLICATE_JACCARD, NearDuplicates } from "./near-duplicates.ts";
import { jaccard, shinglesOf } from "./shingles.ts";

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const VOCABULARY = Array.from({ length: 2000 }, (_, index) => `word${index}`);

function sentence(next: () => number, length: number): string[] {
  return Array.from({ length }, () => VOCABULARY[Math.floor(next() * VOCABULARY.length)] ?? "word");
}

function linksOf(texts: readonly string[]): [number, number][] {
  const index = new NearDuplicates();
  for (const text of texts) index.add(text);
  return [...index.links()].filter((link) => link !== null).map(([a, b]) => [a, b]);
}

function clustersOf(texts: readonly string[]): DisjointSets {
  const sets = new DisjointSets(texts.length);
  for (const [a, b] of linksOf(texts)) sets.union(a, b);
  return sets;
}

describe("NearDuplicates", () => {
  it("links equal texts whatever they are made of", () => {
    for (const text of ["", "???", "hi", "a b c d e f g", "汉字汉字汉字汉字", "😀"]) {
      expect(linksOf([text, "something else entirely, in more than five words", text])).toEqual([[0, 2]]);
    }
  });

  it("looks past case, punctuation, spacing and width", () => {
    const links = linksOf([
      "Where is my VAT refund? I filed in March.",
      "where is my vat refund i filed in march",
      "Ｗｈｅｒｅ is my VAT  refund -- I filed in March!",
    ]);
    expect(links).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it("keeps apart what shares only words", () => {
    const texts = [
      "please cancel my card because it was stolen yesterday evening in town",
      "my card was stolen in town yesterday evening because please cancel it",
    ];
    expect(jaccard(shinglesOf(texts[0] ?? ""), shinglesOf(texts[1] ?? ""))).toBe(0);
    expect(linksOf(texts)).toEqual([]);
  });

  it("keeps apart different texts without words, and different short texts", () => {
    expect(linksOf(["?", "!", "yes", "no", "yes please", "no thanks"])).toEqual([]);
  });

  it("links only pairs at or above the threshold", () => {
    const words = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (lists) => {
        const texts = lists.map((list) => list.join(" "));
        for (const [a, b] of linksOf(texts)) {
          expect(a).toBeLessThan(b);
          expect(jaccard(shinglesOf(texts[a] ?? ""), shinglesOf(texts[b] ?? ""))).toBeGreaterThanOrEqual(
            NEAR_DUPLICATE_JACCARD,
          );
        }
      }),
    );
  });

  it("finds at least 99 % of planted near-duplicates over 20 seeds", () => {
    let planted = 0;
    let found = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const next = random(seed);
      const originals = Array.from({ length: 100 }, () => sentence(next, 60));
      // One changed word of 60 touches 5 of 56 shingles: Jaccard 51 / 61 = .84.
      const copies = originals.map((words) => words.with(Math.floor(next() * words.length), "changed"));
      const texts = [...originals, ...copies].map((words) => words.join(" "));
      const clusters = clustersOf(texts);
      for (let index = 0; index < 100; index += 1) {
        if (
          jaccard(shinglesOf(texts[index] ?? ""), shinglesOf(texts[index + 100] ?? "")) <
          NEAR_DUPLICATE_JACCARD
        )
          continue;
        planted += 1;
        if (clusters.find(index) === clusters.find(index + 100)) found += 1;
      }
    }
    expect(planted).toBeGreaterThan(1900);
    expect(found / planted).toBeGreaterThanOrEqual(0.99);
  });

  it("is not slowed down by one text that comes again and again", () => {
    const next = random(7);
    const template = sentence(next, 40).join(" ");
    const texts = Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 0 ? template : `${template} ${index}`,
    );
    const started = performance.now();
    const clusters = clustersOf(texts);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(new Set(texts.map((_, index) => clusters.find(index))).size).toBe(1);
  });

  it("counts what was added", () => {
    const index = new NearDuplicates();
    expect([index.add("one"), index.add("two"), index.size]).toEqual([0, 1, 2]);
  });
});

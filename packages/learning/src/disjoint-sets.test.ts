import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DisjointSets } from "./disjoint-sets.ts";

describe("DisjointSets", () => {
  it("starts with every element alone", () => {
    const sets = new DisjointSets(3);
    expect([0, 1, 2].map((element) => sets.find(element))).toEqual([0, 1, 2]);
  });

  it("says whether a union joined anything", () => {
    const sets = new DisjointSets(3);
    expect(sets.union(2, 1)).toBe(true);
    expect(sets.union(1, 2)).toBe(false);
    expect(sets.find(2)).toBe(1);
  });

  it("agrees with a search through the links, and its roots are the smallest members", () => {
    const links = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 40 });
    fc.assert(
      fc.property(links, (pairs) => {
        const sets = new DisjointSets(20);
        for (const [a, b] of pairs) sets.union(a, b);
        for (let start = 0; start < 20; start += 1) {
          const reached = new Set([start]);
          const waiting = [start];
          for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
            for (const [a, b] of pairs) {
              const other = a === at ? b : b === at ? a : undefined;
              if (other !== undefined && !reached.has(other)) {
                reached.add(other);
                waiting.push(other);
              }
            }
          }
          expect(sets.find(start)).toBe(Math.min(...reached));
        }
      }),
    );
  });
});

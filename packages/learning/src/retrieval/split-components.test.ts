import fc from "fast-check";
import { expect, test } from "vitest";
import { componentsOf, splitByComponent } from "./split-components.ts";

const edges = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 20 }).map(String), fc.integer({ min: 0, max: 20 }).map(String)),
  { maxLength: 40 },
);

test("no chunk is relevant in two folds, and every query has one", () => {
  fc.assert(
    fc.property(edges, fc.integer({ min: 1, max: 5 }), (list, folds) => {
      const fold = splitByComponent(list, folds);
      const ofChunk = new Map<string, number>();
      for (const [query, chunk] of list) {
        const own = fold.get(query) as number;
        expect(own).toBeLessThan(folds);
        expect(ofChunk.get(chunk) ?? own).toBe(own);
        ofChunk.set(chunk, own);
      }
    }),
  );
});

test("does not depend on the order", () => {
  fc.assert(
    fc.property(edges, (list) => {
      const reversed = new Map(splitByComponent(list.toReversed(), 3));
      for (const [query, fold] of splitByComponent(list, 3)) expect(reversed.get(query)).toBe(fold);
    }),
  );
});

test("a query and a chunk of the same name are two things", () => {
  const found = componentsOf([
    ["a", "b"],
    ["b", "c"],
  ]);
  expect(found.get("a")).not.toBe(found.get("b"));
});

test("folds are of about equal size", () => {
  const many = Array.from({ length: 90 }, (_, index) => [`q${index}`, `c${index}`] as const);
  const counts = [0, 0, 0];
  for (const fold of splitByComponent(many, 3).values()) (counts[fold] as number) += 1;
  expect(counts).toEqual([30, 30, 30]);
});

import { createRandom } from "@agent-learning/learning";
import { expect, it } from "vitest";
import { nearest, packVector, tableOf } from "./vectors.ts";

const row = (key: string, vector: number[]) => ({
  id: `id-${key}`,
  chunk_key: key,
  vector: packVector(vector),
});

it("finds the nearest by direction, whatever the length, as a look at each of them does", () => {
  const random = createRandom("vectors");
  const vectors = Array.from({ length: 300 }, () => Array.from({ length: 8 }, () => random.next() - 0.5));
  const table = tableOf(vectors.map((vector, index) => row(`k${index}`, vector)));
  const query = Array.from({ length: 8 }, () => random.next() - 0.5);
  const cosine = (vector: number[]): number =>
    vector.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0) /
    Math.hypot(...vector) /
    Math.hypot(...query);
  const expected = vectors
    .map((vector, index) => ({ key: `k${index}`, cosine: cosine(vector) }))
    .toSorted((one, other) => other.cosine - one.cosine)
    .slice(0, 10);
  const found = nearest(table, query, 10);
  expect(found.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
  expect(found[0]?.cosine).toBeCloseTo(expected[0]?.cosine ?? 0, 5);
  const longer = query.map((value) => value * 40);
  expect(nearest(table, longer, 3).map(({ key }) => key)).toEqual(found.slice(0, 3).map(({ key }) => key));
});

it("finds nothing with a query of another dimension, leaves such vectors out, and copes with none and with zeros", () => {
  const table = tableOf([row("a", [1, 0]), row("b", [1, 0, 0]), row("c", [0, 0])]);
  expect(table.keys).toEqual(["a", "c"]);
  expect(nearest(table, [1, 0, 0], 5)).toEqual([]);
  expect(nearest(table, [2, 0], 5).map(({ key, cosine }) => [key, cosine])).toEqual([
    ["a", 1],
    ["c", 0],
  ]);
  expect(nearest(tableOf([]), [1], 5)).toEqual([]);
  expect(nearest(table, [0, 0], 1)).toHaveLength(1);
});

it("equal cosines are in the order of their names, and no more than asked for", () => {
  const table = tableOf(["d", "b", "c", "a"].map((key) => row(key, [1, 1])));
  expect(nearest(table, [1, 1], 2).map(({ key }) => key)).toEqual(["a", "b"]);
});

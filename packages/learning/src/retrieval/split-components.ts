import { DisjointSets } from "../disjoint-sets.ts";

/** The connected component of each query in a graph of queries and chunks; equal names, the same component. */
export function componentsOf(
  edges: readonly (readonly [query: string, chunk: string])[],
): Map<string, string> {
  // A query and a chunk may have the same name. In order of names, so that the order of the edges does not matter.
  const nodes = [...new Set(edges.flatMap(([query, chunk]) => [`q${query}`, `c${chunk}`]))].toSorted();
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const sets = new DisjointSets(nodes.length);
  const numberOf = (node: string): number => numbers.get(node) as number;
  for (const [query, chunk] of edges) sets.union(numberOf(`q${query}`), numberOf(`c${chunk}`));
  return new Map(edges.map(([query]) => [query, nodes[sets.find(numberOf(`q${query}`))] as string]));
}

/**
 * Divides queries into `folds` so that no two folds share a relevant chunk: by connected component of the graph of queries and relevant
 * chunks, the largest component first into the emptiest fold. A split by query leaks through shared chunks.
 * @returns the fold of each query, 0 to folds − 1
 */
export function splitByComponent(
  edges: readonly (readonly [query: string, chunk: string])[],
  folds: number,
): Map<string, number> {
  const members = new Map<string, string[]>();
  for (const [query, component] of componentsOf(edges)) {
    const list = members.get(component);
    if (list === undefined) members.set(component, [query]);
    else list.push(query);
  }
  const sizes = Array.from({ length: folds }, () => 0);
  const fold = new Map<string, number>();
  const largestFirst = [...members].toSorted(
    ([one, queries], [other, others]) => others.length - queries.length || (one < other ? -1 : 1),
  );
  for (const [, queries] of largestFirst) {
    const emptiest = sizes.indexOf(Math.min(...sizes));
    (sizes[emptiest] as number) += queries.length;
    for (const query of queries) fold.set(query, emptiest);
  }
  return fold;
}

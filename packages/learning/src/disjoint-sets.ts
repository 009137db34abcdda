/** Union–find over 0 … size − 1. The root of a set is its smallest member. */
export class DisjointSets {
  readonly #parent: Uint32Array;

  constructor(size: number) {
    this.#parent = Uint32Array.from({ length: size }, (_, index) => index);
  }

  find(element: number): number {
    const parent = this.#parent;
    let root = element;
    while (parent[root] !== root) root = parent[root] ?? root;
    let current = element;
    while (parent[current] !== root) {
      const next = parent[current] ?? root;
      parent[current] = root;
      current = next;
    }
    return root;
  }

  /** @returns true when the two were apart */
  union(a: number, b: number): boolean {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA === rootB) return false;
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
    return true;
  }
}

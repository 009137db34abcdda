import { DisjointSets } from "@agent-learning/learning";
import { jaccard, shinglesOf } from "./shingles.ts";

// 25 bands of 5 rows: two texts with Jaccard .7 meet in a band with probability 1 − (1 − .7⁵)²⁵ = .990, with .8 in .9999.
const BANDS = 25;
const ROWS = 5;
/** Word 5-grams that two texts must share, as Jaccard index, to count as near-duplicates. */
export const NEAR_DUPLICATE_JACCARD = 0.7;

const MAXIMUM = 2 ** 21;

const MULTIPLIERS = new Int32Array(BANDS * ROWS);
const OFFSETS = new Int32Array(BANDS * ROWS);
for (let index = 0, state = 0x2545_f491; index < BANDS * ROWS; index += 1) {
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
  OFFSETS[index] = next();
  MULTIPLIERS[index] = next() | 1;
}

// The last column tells equal sets, so that a text that comes ten thousand times is compared once.
const COLUMNS = BANDS + 1;

function keysInto(target: Uint32Array, at: number, shingles: Uint32Array): void {
  for (let band = 0; band < BANDS; band += 1) {
    let key = band;
    for (let row = band * ROWS; row < (band + 1) * ROWS; row += 1) {
      const multiplier = MULTIPLIERS[row] ?? 1;
      const offset = OFFSETS[row] ?? 0;
      let smallest = 0xffff_ffff;
      for (let index = 0; index < shingles.length; index += 1) {
        let hash = Math.imul((shingles[index] ?? 0) ^ offset, multiplier);
        hash = (hash ^ (hash >>> 15)) >>> 0;
        if (hash < smallest) smallest = hash;
      }
      key = Math.imul(key ^ smallest, 0x9e37_79b1);
      key ^= key >>> 16;
    }
    target[at + band] = key;
  }
  let whole = shingles.length;
  for (let index = 0; index < shingles.length; index += 1)
    whole = Math.imul(whole ^ (shingles[index] ?? 0), 0x0100_0193);
  target[at + BANDS] = whole;
}

function grown(array: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  if (needed <= array.length) return array;
  const larger = new Uint32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

/**
 * Finds texts that say nearly the same: MinHash over word 5-grams, 25 × 5 bands, each candidate pair checked exactly
 * (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3). Texts are not kept: a text takes
 * 104 bytes and 4 for each different shingle.
 */
export class NearDuplicates {
  #size = 0;
  #keys = new Uint32Array(COLUMNS * 64);
  #shingles = new Uint32Array(4096);
  // Where the shingles of text i begin; they end where those of i + 1 begin.
  #starts = new Uint32Array(65);

  /** Adds a text. @returns its number, counting from 0 */
  add(text: string): number {
    const index = this.#size;
    const shingles = shinglesOf(text);
    this.#keys = grown(this.#keys, (index + 1) * COLUMNS);
    keysInto(this.#keys, index * COLUMNS, shingles);
    const start = this.#starts[index] ?? 0;
    this.#shingles = grown(this.#shingles, start + shingles.length);
    this.#shingles.set(shingles, start);
    this.#starts = grown(this.#starts, index + 2);
    this.#starts[index + 1] = start + shingles.length;
    this.#size = index + 1;
    return index;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Pairs of numbers (smaller first) whose links make up the clusters: each is a near-duplicate pair, and any two
   * near-duplicates found are joined by a chain of them. Yields null now and then in between, so that a caller can let
   * others run.
   */
  *links(): Generator<readonly [number, number] | null> {
    if (this.#size > MAXIMUM) throw new RangeError(`more than ${MAXIMUM} texts`);
    const clusters = new DisjointSets(this.#size);
    let distinct = Uint32Array.from({ length: this.#size }, (_, index) => index);
    const repeated = new Uint8Array(this.#size);
    for (const bucket of this.#buckets(BANDS, distinct)) {
      const first = bucket[0] ?? 0;
      for (const other of bucket.subarray(1)) {
        if (this.#similarity(first, other) < 1) continue;
        repeated[other] = 1;
        clusters.union(first, other);
        yield [first, other];
      }
    }
    distinct = distinct.filter((index) => repeated[index] === 0);
    for (let band = 0; band < BANDS; band += 1) {
      yield null;
      for (const bucket of this.#buckets(band, distinct)) yield* this.#linksInBucket(bucket, clusters);
    }
  }

  /** Numbers of texts with equal keys, two or more at a time, in order. */
  *#buckets(column: number, texts: Uint32Array): Generator<Uint32Array> {
    // Key and number in one double: 32 + 21 bits are exact, so that a native sort makes the buckets.
    const order = Float64Array.from(
      texts,
      (index) => (this.#keys[index * COLUMNS + column] ?? 0) * MAXIMUM + index,
    ).sort();
    const keyAt = (at: number): number => Math.floor((order[at] ?? -1) / MAXIMUM);
    for (let begin = 0, end = 1; begin < order.length; begin = end, end += 1) {
      while (end < order.length && keyAt(end) === keyAt(begin)) end += 1;
      if (end - begin > 1) yield Uint32Array.from(order.subarray(begin, end), (value) => value % MAXIMUM);
    }
  }

  *#linksInBucket(bucket: Uint32Array, clusters: DisjointSets): Generator<readonly [number, number] | null> {
    let groups: number[][] = [];
    let seen = 0;
    for (const text of bucket) {
      let home: number[] = [];
      const apart: number[][] = [];
      for (const group of groups) {
        let joined = clusters.find(group[0] ?? text) === clusters.find(text);
        if (!joined) {
          const near = group.find((other) => this.#similarity(other, text) >= NEAR_DUPLICATE_JACCARD);
          joined = near !== undefined;
          if (near !== undefined && clusters.union(near, text)) yield [near, text];
        }
        if (!joined) apart.push(group);
        else {
          const [small, large] = home.length < group.length ? [home, group] : [group, home];
          for (const member of small) large.push(member);
          home = large;
        }
      }
      home.push(text);
      groups = [...apart, home];
      seen += 1;
      if (seen % 256 === 0) yield null;
    }
  }

  #similarity(a: number, b: number): number {
    const left = this.#shingles.subarray(this.#starts[a], this.#starts[a + 1]);
    const right = this.#shingles.subarray(this.#starts[b], this.#starts[b + 1]);
    const bound = Math.min(left.length, right.length) / Math.max(left.length, right.length);
    return bound < NEAR_DUPLICATE_JACCARD ? 0 : jaccard(left, right);
  }
}

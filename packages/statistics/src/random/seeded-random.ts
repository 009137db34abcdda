import { murmur3 } from "../assignment/murmur3.ts";
import { InvalidArgument } from "../invalid-argument.ts";
import type { RandomSource } from "./random-source.ts";

/** The four words of the generator, for JSON. */
export type RandomState = readonly [number, number, number, number];

/**
 * xoshiro128** 1.1 (Blackman and Vigna), seeded by text or number: the same seed gives the same sequence on every machine. Not
 * for secrets.
 */
export class SeededRandom implements RandomSource {
  // Signed 32-bit integers, which the engine keeps as such; unsigned ones would become boxed doubles.
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string | number) {
    const text = String(seed);
    this.#a = murmur3(text, 1) | 0;
    this.#b = murmur3(text, 2) | 0;
    this.#c = murmur3(text, 3) | 0;
    this.#d = murmur3(text, 4) | 1;
  }

  /** Continues where `state()` was taken. */
  static fromState(state: RandomState): SeededRandom {
    const isWord = (word: number): boolean => Number.isInteger(word) && word >= 0 && word < 2 ** 32;
    if (state.length !== 4 || !state.every(isWord) || state.every((word) => word === 0)) {
      throw new InvalidArgument("state", "four unsigned 32-bit integers that are not all 0", state);
    }
    const random = new SeededRandom(0);
    [random.#a, random.#b, random.#c, random.#d] = state.map((word) => word | 0) as [
      number,
      number,
      number,
      number,
    ];
    return random;
  }

  state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  /** An unsigned 32-bit integer. */
  uint32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** One of the 2^53 multiples of 2^-53 in [0, 1). */
  uniform(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }
}

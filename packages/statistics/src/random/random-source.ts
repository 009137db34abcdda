/** What the distributions of this folder draw from; `SeededRandom` is one. */
export interface RandomSource {
  /** A number in [0, 1). */
  uniform(): number;
}

import { hashWords } from "./shingles.ts";

/** Words in a row that two texts may not share. */
export const CONTAMINATION_WORDS = 12;

/** Hashes, 53 bits each, of every 12 words in a row; of a shorter text the one of all its words. Empty without words. */
function* gramsOf(text: string): Generator<number> {
  const words = hashWords(text);
  const size = Math.min(CONTAMINATION_WORDS, words.length);
  if (size === 0) return;
  for (let start = 0; start + size <= words.length; start += 1) {
    let [high, low] = [size, size ^ 0x5bd1_e995];
    for (let offset = 0; offset < size; offset += 1) {
      const word = words[start + offset] as number;
      high = Math.imul(high ^ word, 0x9e37_79b1) + 0x7f4a_7c15;
      low = Math.imul(low ^ word, 0x85eb_ca6b) ^ (low >>> 15);
    }
    yield (high >>> 0) * 2 ** 21 + (low >>> 11);
  }
}

/**
 * Texts that an agent is tested with, to find training texts that hold one of them: 12 words in a row in common, case and
 * punctuation aside, or, where a text is shorter, all its words (Brown et al. 2020 and others use 8 to 13 words). Holds one number
 * for each 12 words of the tests; a wrong hit among 30 million looks at a million of them has a chance of 1 in 300.
 */
export class EvaluationTexts {
  readonly #grams = new Map<number, string>();
  #size = 0;

  add(id: string, text: string): void {
    this.#size += 1;
    for (const gram of gramsOf(text)) if (!this.#grams.has(gram)) this.#grams.set(gram, id);
  }

  get size(): number {
    return this.#size;
  }

  /** The first test that shares words with the text; undefined: none. */
  caseOf(text: string): string | undefined {
    if (this.#grams.size === 0) return undefined;
    for (const gram of gramsOf(text)) {
      const id = this.#grams.get(gram);
      if (id !== undefined) return id;
    }
    return undefined;
  }
}

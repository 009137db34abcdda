import { createRandom, type Random } from "../../packages/learning/src/index.ts";

const SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za".split(" ");

/** A vocabulary of made-up words; the first come most often, as words do. */
function vocabulary(random: Random, size: number): string[] {
  return Array.from({ length: size }, () =>
    Array.from(
      { length: 2 + Math.floor(random.next() * 3) },
      () => SYLLABLES[Math.floor(random.next() * SYLLABLES.length)],
    ).join(""),
  );
}

/** Texts of so many words, of which a share nearly repeats an earlier one: one word is another. */
export function createTexts(seed: string): { text(words: number): string; nearly(text: string): string } {
  const random = createRandom(seed);
  const words = vocabulary(random, 20_000);
  const word = (): string => words[Math.floor(words.length * random.next() ** 2)] as string;
  return {
    text: (count) => Array.from({ length: count }, word).join(" "),
    nearly: (text) => {
      const parts = text.split(" ");
      parts[Math.floor(random.next() * parts.length)] = word();
      return parts.join(" ");
    },
  };
}

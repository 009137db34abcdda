const WORD = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
const GRAM_LENGTH = 4;

/** The text with compatibility forms unified, in lower case, runs of white space as one space, trimmed. */
export function normaliseText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}

/** Lower-case words (letters and digits of any script) without possessive endings and apostrophes. */
export function words(text: string): string[] {
  const found = text.normalize("NFKC").toLowerCase().match(WORD) ?? [];
  return found.map((word) => word.replace(/['’]s$/u, "").replace(/['’]/gu, ""));
}

/**
 * Terms for nearest-neighbour search: each word, and the character 4-grams of each word with a space at both ends,
 * which let inflected, misspelt and compound forms meet without rules for one language.
 */
export function terms(text: string): string[] {
  const result: string[] = [];
  for (const word of words(text)) {
    result.push(word);
    const characters = Array.from(` ${word} `);
    for (let start = 0; start + GRAM_LENGTH <= characters.length; start += 1) {
      result.push(`#${characters.slice(start, start + GRAM_LENGTH).join("")}`);
    }
  }
  return result;
}

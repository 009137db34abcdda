/** Places that words are spread over. */
const WORDS = 96;

/** How many numbers `answerFeatures` gives. */
export const ANSWER_FEATURES: number = WORDS + 4;

/**
 * What is measured of an answer where nobody embeds texts: its words, hashed with a sign into 96 places and of length 1 together
 * (Weinberger et al. 2009), and its style as shares: digits, line breaks, question marks, and words that it has in common with the
 * input. None of it grows with the answer's length.
 */
export function answerFeatures(input: string, answer: string): number[] {
  const features = Array.from({ length: ANSWER_FEATURES }, () => 0);
  const words = wordsOf(answer);
  for (const word of words) {
    const hash = hashOf(word);
    const place = hash % WORDS;
    features[place] = (features[place] as number) + (hash & 0x1_00_00 ? 1 : -1);
  }
  const norm = Math.hypot(...features);
  if (norm > 0) for (let i = 0; i < WORDS; i += 1) features[i] = (features[i] as number) / norm;
  const share = (pattern: RegExp): number =>
    answer.length === 0 ? 0 : (answer.match(pattern)?.length ?? 0) / answer.length;
  const asked = new Set(wordsOf(input));
  features[WORDS] = share(/\d/gu);
  features[WORDS + 1] = share(/\n/gu);
  features[WORDS + 2] = share(/\?/gu);
  features[WORDS + 3] =
    words.length === 0 ? 0 : words.filter((word) => asked.has(word)).length / words.length;
  return features;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < word.length; i += 1) {
    hash ^= word.charCodeAt(i);
    hash = Math.imul(hash, 0x01_00_01_93);
  }
  return hash >>> 0;
}

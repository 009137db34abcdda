/** Words in a shingle. */
const WORDS = 5;

// murmur3's finaliser: every input bit reaches every output bit.
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const SEPARATOR = 0;
const LETTER = 1;
// Scripts written without spaces: each character counts as a word.
const ALONE = 2;

function kindOf(code: number): number {
  if (code < 128) {
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    return isWord ? LETTER : SEPARATOR;
  }
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x206f) || (code >= 0x3000 && code <= 0x303f))
    return SEPARATOR;
  return code >= 0x3040 && code <= 0x9fff ? ALONE : LETTER;
}

/** 32-bit hashes of the words of a text, in order. Case, width, punctuation and spacing do not count. */
export function hashWords(text: string): Uint32Array {
  const normalised = text.normalize("NFKC").toLowerCase();
  const words = new Uint32Array(normalised.length);
  let count = 0;
  let hash = 0;
  let inside = false;
  const end = (): void => {
    if (inside) words[count++] = mix(hash);
    inside = false;
    hash = 0x811c_9dc5;
  };
  end();
  for (let index = 0; index < normalised.length; index += 1) {
    const code = normalised.charCodeAt(index);
    const kind = kindOf(code);
    if (kind !== LETTER) end();
    if (kind === SEPARATOR) continue;
    hash = Math.imul(hash ^ code, 0x0100_0193);
    inside = true;
    if (kind === ALONE) end();
  }
  end();
  return words.subarray(0, count);
}

function hashExactly(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return mix(hash);
}

/**
 * The set of a text's word 5-grams as sorted 32-bit hashes without repetition. A text of fewer than five words is one
 * shingle of them all; a text without words is itself. Never empty, and equal for equal texts.
 */
export function shinglesOf(text: string): Uint32Array {
  const words = hashWords(text);
  if (words.length === 0) return Uint32Array.of(hashExactly(text));
  const size = Math.min(WORDS, words.length);
  const shingles = new Uint32Array(words.length - size + 1);
  for (let start = 0; start < shingles.length; start += 1) {
    let hash = size;
    for (let offset = 0; offset < size; offset += 1)
      hash = Math.imul(hash ^ (words[start + offset] ?? 0), 0x9e37_79b1) + 0x7f4a_7c15;
    shingles[start] = mix(hash);
  }
  shingles.sort();
  let kept = 1;
  for (let index = 1; index < shingles.length; index += 1) {
    const shingle = shingles[index] ?? 0;
    if (shingle !== shingles[kept - 1]) shingles[kept++] = shingle;
  }
  return shingles.subarray(0, kept);
}

/** Size of the intersection over size of the union of two sorted sets; 0 to 1. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) common += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return common / (a.length + b.length - common);
}

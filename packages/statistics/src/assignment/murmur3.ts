const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * MurmurHash3_x86_32 of the UTF-8 bytes of `text` (Appleby), as an unsigned 32-bit integer. A lone surrogate counts as U+FFFD, as
 * `TextEncoder` has it.
 */
export function murmur3(text: string, seed: number = 0): number {
  const hash = hashAscii(text, seed);
  return hash === undefined ? hashBytes(utf8Bytes(text), seed) : hash;
}

/** Reads the characters where they are; `undefined` at the first one outside ASCII. */
function hashAscii(text: string, seed: number): number | undefined {
  let hash = seed | 0;
  const length = text.length;
  const blocks = length & ~3;
  let i = 0;
  for (; i < blocks; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    if ((a | b | c | d) > 0x7f) return undefined;
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let rest = 0;
  for (let shift = 0; i < length; i++, shift += 8) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    rest |= code << shift;
  }
  return finish(hash, rest, length);
}

function hashBytes(bytes: readonly number[], seed: number): number {
  let hash = seed | 0;
  let word = 0;
  bytes.forEach((byte, i) => {
    word |= byte << ((i & 3) * 8);
    if ((i & 3) === 3) {
      hash = mixBlock(hash, word);
      word = 0;
    }
  });
  return finish(hash, word, bytes.length);
}

function mixBlock(hash: number, word: number): number {
  const mixed = hash ^ scramble(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(word: number): number {
  const k = Math.imul(word, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

/** An empty rest scrambles to 0, so lengths that are multiples of four need no case of their own. */
function finish(hash: number, rest: number, length: number): number {
  let h = hash ^ scramble(rest) ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code));
  }
  return bytes;
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

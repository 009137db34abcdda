import fc from "fast-check";
import { expect, test } from "vitest";
import { murmur3 } from "./murmur3.ts";

test("published vectors", () => {
  expect(murmur3("test", 0)).toBe(0xba6bd213);
  expect(murmur3("Hello, world!", 0x9747b28c)).toBe(0x24884cba);
  expect(murmur3("", 0)).toBe(0);
  expect(murmur3("", 1)).toBe(0x514e28b7);
  expect(murmur3("", 0xffffffff)).toBe(0x81f16f39);
  expect(murmur3("aaaa", 0x9747b28c)).toBe(0x5a97808a);
  expect(murmur3("ππππππππ", 0x9747b28c)).toBe(0xd58063c1);
});

/** The algorithm as it is described, over bytes and in BigInt arithmetic. */
function describedMurmur3(bytes: Uint8Array, seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (32n - n))) & mask;
  const scramble = (k: bigint): bigint => (rotate((k * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  const word = (from: number, to: number): bigint =>
    bytes.slice(from, to).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let h = BigInt(seed);
  const blocks = Math.floor(bytes.length / 4) * 4;
  for (let i = 0; i < blocks; i += 4)
    h = (rotate(h ^ scramble(word(i, i + 4)), 13n) * 5n + 0xe6546b64n) & mask;
  h ^= scramble(word(blocks, bytes.length)) ^ BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(h ^ (h >> 16n));
}

test("equals the described algorithm over TextEncoder's bytes, for any string and seed", () => {
  const encoder = new TextEncoder();
  // Every unit of UTF-16 reaches lone surrogates and every boundary of the encoding.
  const anyString = fc.oneof(
    fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
    fc.string(),
    fc.string({ unit: "grapheme" }),
    loneSurrogates(),
  );
  fc.assert(
    fc.property(anyString, fc.nat(0xffffffff), (text, seed) => {
      expect(murmur3(text, seed)).toBe(describedMurmur3(encoder.encode(text), seed));
    }),
    { numRuns: 1000 },
  );
});

function loneSurrogates(): fc.Arbitrary<string> {
  const unit = fc.integer({ min: 0xd700, max: 0xe0ff });
  return fc.array(unit).map((codes) => String.fromCharCode(...codes));
}

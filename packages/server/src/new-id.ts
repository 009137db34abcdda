import { randomFillSync } from "node:crypto";

const RANDOM_BYTES = 10;

/**
 * A source of UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits. Ids of one
 * source sort in the order in which they were made, also when the clock stands still or goes back (section 6.2, method 1).
 */
export function createIdSource(now: () => number): () => string {
  const pool = new Uint8Array(RANDOM_BYTES * 400);
  let offset = pool.length;
  let last = -1;
  let counter = 0;
  return () => {
    if (offset === pool.length) {
      randomFillSync(pool);
      offset = 0;
    }
    const random = pool.subarray(offset, offset + RANDOM_BYTES);
    offset += RANDOM_BYTES;
    const milliseconds = now();
    if (milliseconds > last) {
      last = milliseconds;
      // Starts in the lower half, so that there is room to count.
      counter = (((random[8] ?? 0) << 8) | (random[9] ?? 0)) & 0x7ff;
    } else if (counter < 0xfff) counter += 1;
    else {
      last += 1;
      counter = 0;
    }
    random[0] = 0x80 | ((random[0] ?? 0) & 0x3f);
    const time = last.toString(16).padStart(12, "0");
    const count = counter.toString(16).padStart(3, "0");
    const tail = Buffer.from(random.buffer, random.byteOffset, 8).toString("hex");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}

/** A new UUIDv7. */
export const newId: () => string = createIdSource(Date.now);

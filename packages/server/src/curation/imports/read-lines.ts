import { createReadStream } from "node:fs";
import { encodingOf, lineDecoder, lineFeedOf, type TextEncoding } from "./text-encoding.ts";

/** One line of a file, or why it cannot be read. Empty lines are left out; they count. */
export type Line = { line: number; text: string } | { line: number; reason: string };

/** Longest line, in bytes: a row's texts may have 200,000 characters each. */
export const LONGEST_LINE: number = 4 * 1024 * 1024;

/**
 * The lines of a text file, a piece at a time, in the encoding that its first bytes or the caller say. A line that is not text in it
 * is reported, and the next one is read; so is one that is longer than any row may be, without holding it.
 */
export async function* readLines(path: string, declared?: TextEncoding): AsyncGenerator<Line> {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  let decode = lineDecoder("utf-8");
  let splitter: LineSplitter | undefined;
  let line = 0;
  const read = (raw: Buffer | undefined): Line | undefined => {
    line += 1;
    if (raw === undefined) return { line, reason: `is longer than ${LONGEST_LINE / 1024 / 1024} MiB` };
    const decoded = decode(raw);
    if ("reason" in decoded) return { line, reason: decoded.reason };
    const text = decoded.text.trim();
    return text === "" ? undefined : { line, text };
  };
  for await (const piece of bytes as AsyncIterable<Buffer>) {
    let chunk = piece;
    if (splitter === undefined) {
      const { encoding, skip } = encodingOf(chunk, declared);
      decode = lineDecoder(encoding);
      splitter = new LineSplitter(lineFeedOf(encoding));
      chunk = chunk.subarray(skip);
    }
    for (const raw of splitter.take(chunk)) {
      const found = read(raw);
      if (found !== undefined) yield found;
    }
  }
  for (const raw of splitter?.rest() ?? []) {
    const found = read(raw);
    if (found !== undefined) yield found;
  }
}

/** Cuts pieces of a file into lines. A line that is too long is undefined, and is not held. */
class LineSplitter {
  readonly #lineFeed: Buffer;
  #held: Buffer[] = [];
  #length = 0;
  /** The first bytes of a character whose others are in the next piece. */
  #odd: Buffer = Buffer.alloc(0);

  constructor(lineFeed: Buffer) {
    this.#lineFeed = lineFeed;
  }

  *take(piece: Buffer): Generator<Buffer | undefined> {
    const width = this.#lineFeed.length;
    const joined = this.#odd.length > 0 ? Buffer.concat([this.#odd, piece]) : piece;
    const whole = joined.length - (joined.length % width);
    this.#odd = joined.subarray(whole);
    const chunk = joined.subarray(0, whole);
    let start = 0;
    for (let end = this.#find(chunk, 0); end >= 0; end = this.#find(chunk, start)) {
      this.#add(chunk.subarray(start, end));
      yield this.#line();
      start = end + width;
    }
    this.#add(chunk.subarray(start));
  }

  /** What comes after the last line feed. */
  *rest(): Generator<Buffer | undefined> {
    this.#add(this.#odd);
    if (this.#length > 0) yield this.#line();
  }

  /** Where the next line feed is: its two bytes may also be halves of two other characters. */
  #find(chunk: Buffer, from: number): number {
    const width = this.#lineFeed.length;
    let at = chunk.indexOf(this.#lineFeed, from);
    while (at >= 0 && at % width !== 0) at = chunk.indexOf(this.#lineFeed, at + 1);
    return at;
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= LONGEST_LINE) this.#held.push(part);
    else this.#held = [];
  }

  #line(): Buffer | undefined {
    const line = this.#length > LONGEST_LINE ? undefined : Buffer.concat(this.#held);
    this.#held = [];
    this.#length = 0;
    return line;
  }
}

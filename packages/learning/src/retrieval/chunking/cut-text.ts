/** How a text is cut. */
export interface ChunkSettings {
  /** Words of a chunk at most. */
  size: number;
  /** Words that a chunk repeats of the one before, at most; less than half the size. */
  overlap: number;
}

/** A piece of a text: UTF-16 code units from `start` up to `end`. */
export interface TextSpan {
  start: number;
  end: number;
}

export const DEFAULT_CHUNKING: ChunkSettings = { size: 200, overlap: 30 };

interface Piece extends TextSpan {
  words: number;
}

const WORD = /\S+/gu;
// The end of a sentence with what closes it, a line break, or the end.
const SENTENCE = /[^\n]*?(?:[.!?。！？]+["'”’)\]]*(?=\s|$)|\n|$)/gu;

/** Sentences and lines with a word in them; one longer than `size` in parts of that many words. */
function pieces(text: string, size: number): Piece[] {
  const found: Piece[] = [];
  for (const match of text.matchAll(SENTENCE)) {
    const words = [...match[0].matchAll(WORD)];
    for (let first = 0; first < words.length; first += size) {
      const part = words.slice(first, first + size);
      const [from, to] = [part[0], part.at(-1)];
      if (from === undefined || to === undefined) continue;
      found.push({
        start: match.index + from.index,
        end: match.index + to.index + to[0].length,
        words: part.length,
      });
    }
  }
  return found;
}

/**
 * Cuts a text at the ends of sentences and lines into chunks of at most `size` words; each begins with as many whole sentences of the one
 * before as `overlap` has room for. Every word is in a chunk, in its order. Languages without spaces are cut at their sentences.
 */
export function cutText(text: string, { size, overlap }: ChunkSettings): TextSpan[] {
  if (
    !(Number.isInteger(size) && size > 0 && Number.isInteger(overlap) && overlap >= 0 && overlap < size / 2)
  )
    throw new RangeError("A chunk has a size of whole words above 0, and an overlap below half of it.");
  const list = pieces(text, size);
  const chunks: TextSpan[] = [];
  for (let first = 0; first < list.length;) {
    let [last, words] = [first, 0];
    while (last < list.length && words + (list[last] as Piece).words <= size) {
      words += (list[last] as Piece).words;
      last += 1;
    }
    chunks.push({ start: (list[first] as Piece).start, end: (list[last - 1] as Piece).end });
    if (last === list.length) break;
    let next = last;
    let repeated = 0;
    while (next - 1 > first && repeated + (list[next - 1] as Piece).words <= overlap) {
      next -= 1;
      repeated += (list[next] as Piece).words;
    }
    // A repetition that leaves no room for what comes next would come again and again.
    first = repeated + (list[last] as Piece).words <= size ? next : last;
  }
  return chunks;
}

import { type Item, MAXIMUM_REQUEST_CHARACTERS } from "./item.ts";

/** First in, first out, with a way back to either end. */
export interface LaneQueue {
  readonly length: number;
  push(item: Item): void;
  putBack(items: readonly Item[]): void;
  /** The next items, as many as one request may carry; at least one while there are any. */
  take(maximum: number): Item[];
}

// Taken items leave a gap at the front; it is closed when it is the larger part, so that taking costs the same always.
const CLOSE_GAP_AT = 1_000;

export function createLaneQueue(): LaneQueue {
  let items: Item[] = [];
  let first = 0;
  return {
    get length() {
      return items.length - first;
    },
    push: (item) => void items.push(item),
    putBack: (back) => {
      items = [...back, ...items.slice(first)];
      first = 0;
    },
    take: (maximum) => {
      let end = first;
      let characters = 0;
      while (end < items.length && end - first < maximum) {
        characters += items[end]?.body.length ?? 0;
        if (end > first && characters > MAXIMUM_REQUEST_CHARACTERS) break;
        end += 1;
      }
      const taken = items.slice(first, end);
      first = end;
      if (first > CLOSE_GAP_AT && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return taken;
    },
  };
}

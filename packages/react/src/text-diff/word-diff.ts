/** A run of text that both have, that only the new text has, or that only the old one had. */
export interface DiffPart {
  kind: "same" | "added" | "removed";
  text: string;
}

// Past this many changed words, the middle is shown as replaced whole: the time grows with the square.
const MAXIMUM_CHANGES = 1_000;

const words = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}_'’]+|\s+|[^]/gu) ?? [];

/** The words of the shortest edit between two lists, by Myers (1986), "An O(ND) difference algorithm". */
function shortestEdit(a: readonly string[], b: readonly string[]): DiffPart[] {
  const limit = Math.min(a.length + b.length, MAXIMUM_CHANGES);
  const furthest = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  const reach = (k: number): number => furthest.get(k) ?? -1;
  for (let changes = 0; changes <= limit; changes++) {
    history.push(new Map(furthest));
    for (let k = -changes; k <= changes; k += 2) {
      let x =
        k === -changes || (k !== changes && reach(k - 1) < reach(k + 1)) ? reach(k + 1) : reach(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace(a, b, history);
    }
  }
  return [
    { kind: "removed", text: a.join("") },
    { kind: "added", text: b.join("") },
  ];
}

function trace(
  a: readonly string[],
  b: readonly string[],
  history: readonly Map<number, number>[],
): DiffPart[] {
  const parts: DiffPart[] = [];
  let x = a.length;
  let y = b.length;
  for (let changes = history.length - 1; changes >= 0; changes--) {
    const reach = (k: number): number => history[changes]?.get(k) ?? -1;
    const k = x - y;
    const down = k === -changes || (k !== changes && reach(k - 1) < reach(k + 1));
    // Where the run of equal words began: after the edit that led to this diagonal.
    const runStart = changes === 0 ? 0 : down ? reach(k + 1) : reach(k - 1) + 1;
    while (x > runStart) {
      parts.push({ kind: "same", text: a[--x] ?? "" });
      y--;
    }
    if (changes === 0) break;
    if (down) parts.push({ kind: "added", text: b[--y] ?? "" });
    else parts.push({ kind: "removed", text: a[--x] ?? "" });
  }
  return parts.reverse();
}

function joined(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  for (const { kind, text } of parts) {
    const last = result.at(-1);
    if (text === "") continue;
    if (last?.kind === kind) last.text += text;
    else result.push({ kind, text });
  }
  return result;
}

/** What changed from one text to another, word by word. Joining what is not `added` gives `before`, what is not `removed` `after`. */
export function diffWords(before: string, after: string): DiffPart[] {
  const a = words(before);
  const b = words(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  return joined([
    { kind: "same", text: a.slice(0, start).join("") },
    ...shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    { kind: "same", text: a.slice(a.length - end).join("") },
  ]);
}

import { words } from "../../text/tokenise.ts";

const GRAM = 8;

/**
 * Runs of eight words that a new text shares with a training text and that the old text did not have: an instruction
 * that memorises examples instead of describing the task. One finding for each training text.
 */
export function copiedText(options: {
  text: string;
  previousText: string;
  trainingTexts: Iterable<string>;
}): string[] {
  const known = new Set(grams(options.previousText));
  const fresh = new Set(grams(options.text).filter((gram) => !known.has(gram)));
  const found = new Set<string>();
  if (fresh.size === 0) return [];
  for (const text of options.trainingTexts) {
    const copied = grams(text).find((gram) => fresh.has(gram));
    if (copied !== undefined) found.add(copied);
  }
  return [...found];
}

function grams(text: string): string[] {
  const all = words(text);
  const result: string[] = [];
  for (let start = 0; start + GRAM <= all.length; start += 1) {
    result.push(all.slice(start, start + GRAM).join(" "));
  }
  return result;
}

import type { JsonValue } from "../../json.ts";

const FENCE = /```[a-z]*\s*\n?([^]*?)```/iu;

/** The JSON in a model's answer, also inside a code fence or between sentences; undefined when there is none. */
export function parseLooseJson(text: string): JsonValue | undefined {
  const fenced = FENCE.exec(text)?.[1];
  const candidates = [text, fenced, between(text, "{", "}"), between(text, "[", "]")];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return JSON.parse(candidate) as JsonValue;
    } catch {
      // The next form may parse.
    }
  }
  return undefined;
}

function between(text: string, open: string, close: string): string | undefined {
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
}

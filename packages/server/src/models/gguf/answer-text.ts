import type { ChatWrapper, Token } from "./llama-module.ts";

/** The tokens without the stop sequence that they end with; undefined when they end with none. */
export function withoutStopTokens(
  tokens: readonly Token[],
  stops: readonly (readonly Token[])[],
): Token[] | undefined {
  const stop = stops.find(
    (sequence) =>
      sequence.length <= tokens.length &&
      sequence.every((token, index) => token === tokens[tokens.length - sequence.length + index]),
  );
  return stop === undefined ? undefined : tokens.slice(0, tokens.length - stop.length);
}

/** The text before the first of the stop texts; undefined when none is in it. */
export function textBeforeStop(text: string, stops: readonly string[]): string | undefined {
  const found = stops.map((stop) => (stop === "" ? -1 : text.indexOf(stop))).filter((index) => index >= 0);
  return found.length === 0 ? undefined : text.slice(0, Math.min(...found));
}

/** The answer without the reasoning that some models write before it; "" when the reasoning did not end. */
export function withoutThought(text: string, { settings }: ChatWrapper): string {
  const thought = settings.segments?.thought;
  const suffix = String(thought?.suffix ?? "").trim();
  if (thought === undefined || suffix === "") return text;
  const prefix = isOpenedOnStart(thought.prefix) ? "" : String(thought.prefix).trim();
  const opened = thought.openOnResponseStart === true || text.trimStart().startsWith(prefix);
  if (!opened) return text;
  const end = text.indexOf(suffix);
  return end < 0 ? "" : text.slice(end + suffix.length).trimStart();
}

function isOpenedOnStart(prefix: unknown): boolean {
  return typeof prefix === "object" && prefix !== null && "type" in prefix;
}

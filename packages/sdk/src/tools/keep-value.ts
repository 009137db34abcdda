import { type JsonValue, parseJson } from "../json.ts";

/** Characters of one value's JSON that are kept. */
export const MAXIMUM_VALUE = 4_000;
// The server takes 64 levels in the whole request.
const DEEPEST = 32;

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Object.values(value).reduce((most: number, each) => Math.max(most, depthOf(each)), 0);
}

/**
 * The value as it is now, fit to be sent: JSON as it is, what is too long or too deep as its text, cut; what JSON cannot hold
 * by its name. Never throws. Undefined stays undefined.
 */
export function keepValue(value: unknown): JsonValue | undefined {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
  if (text === undefined) return undefined;
  const cut = text.length > MAXIMUM_VALUE;
  if (cut && typeof value === "string") return `${value.slice(0, MAXIMUM_VALUE)}…`;
  if (cut) return `${text.slice(0, MAXIMUM_VALUE)}…`;
  const kept = parseJson(text) as JsonValue;
  return depthOf(kept) > DEEPEST ? text : kept;
}

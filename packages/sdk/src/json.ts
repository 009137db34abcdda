export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** True for `{…}`: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parsed text, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// How JSON.stringify writes NUL and half surrogate pairs, which the server's database refuses. May also match harmless text.
const SUSPICIOUS = /\\u0000|\\ud[89a-f]/;

/**
 * JSON text of `value` with NUL and half surrogate pairs replaced by U+FFFD: one bad character in a model's output must
 * not cost the whole record.
 * @throws TypeError for what JSON cannot hold: a circle, a BigInt
 */
export function toStorableJson(value: object): string {
  const text = JSON.stringify(value);
  if (!SUSPICIOUS.test(text)) return text;
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "string" ? inner.replaceAll("\u0000", "\ufffd").toWellFormed() : inner,
  );
}

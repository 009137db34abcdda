import { createHash } from "node:crypto";

/**
 * RFC 8785 (JCS) canonical JSON: members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
 * Members that are undefined are left out, as JSON.stringify does. Strings must be well-formed Unicode.
 * @throws TypeError for NaN, infinities and what JSON has no form for
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value))
    throw new TypeError(`${value} has no form in JSON`);
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`a ${typeof value} has no form in JSON`);
  return text;
}

/** SHA-256 of the canonical JSON, as 64 hexadecimal digits: equal for equal values, whatever the order of their members. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

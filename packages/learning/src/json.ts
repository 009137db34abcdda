import { createHash } from "node:crypto";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Thrown when a value has no canonical JSON form; `path` says where. */
export class NotJson extends TypeError {
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path || "value"} ${problem}`);
    this.name = "NotJson";
    this.path = path;
  }

  static isInstance(error: unknown): error is NotJson {
    return error instanceof Error && error.name === "NotJson" && "path" in error;
  }
}

/**
 * Canonical JSON by RFC 8785: no white space, members sorted by UTF-16 code units, numbers as ECMAScript prints them.
 * Members that are undefined are left out, as `JSON.stringify` does. Throws `NotJson` for what I-JSON cannot carry:
 * numbers that are not finite, lone surrogates, functions, cycles deeper than `maximumDepth`.
 */
export function canonicalJson(value: unknown, maximumDepth = 200): string {
  return write(value, "", maximumDepth);
}

/** SHA-256 of the canonical JSON, in lower-case hexadecimal. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value), "utf8").digest("hex");
}

function write(value: unknown, path: string, depth: number): string {
  if (depth < 0) throw new NotJson(path, "is nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return writeString(value, path);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotJson(path, "is not a finite number");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${path}[${index}]`, depth - 1)).join(",")}]`;
  }
  if (typeof value === "object") {
    const object = value as Record<string, unknown>;
    const members = Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .sort()
      .map((key) => {
        const place = path ? `${path}.${key}` : key;
        return `${writeString(key, place)}:${write(object[key], place, depth - 1)}`;
      });
    return `{${members.join(",")}}`;
  }
  throw new NotJson(path, `is a ${typeof value}, which JSON does not have`);
}

function writeString(text: string, path: string): string {
  if (!text.isWellFormed()) throw new NotJson(path, "contains a lone surrogate");
  return JSON.stringify(text);
}

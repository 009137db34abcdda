import type { JsonValue } from "../../json.ts";

/** A JSON Schema of the part that `schemaFault` lets through. */
export type JsonSchema = boolean | { readonly [keyword: string]: JsonValue };

/** Where a value breaks its schema, as a dotted path ("" is the value itself), and how. */
export interface SchemaViolation {
  path: string;
  problem: string;
}

/** The definitions of a schema, by the keyword that holds them. */
const DEFINITIONS = ["$defs", "definitions"];

/** Whether a keyword holds definitions. */
export function isDefinitions(keyword: string): boolean {
  return DEFINITIONS.includes(keyword);
}

/**
 * What `$ref` points to: the whole schema (`#`) or one of its definitions (`#/$defs/NAME`, `#/definitions/NAME`); undefined for anything
 * else, other documents included.
 */
export function resolveReference(root: JsonSchema, reference: unknown): JsonSchema | undefined {
  if (typeof root === "boolean" || typeof reference !== "string") return undefined;
  if (reference === "#") return root;
  const [, keyword, name] = /^#\/([^/]+)\/([^/]+)$/u.exec(reference) ?? [];
  if (keyword === undefined || name === undefined || !isDefinitions(keyword)) return undefined;
  const definitions = root[keyword];
  const decoded = decodePointer(name);
  if (!isObject(definitions) || decoded === undefined || !Object.hasOwn(definitions, decoded))
    return undefined;
  return definitions[decoded] as JsonSchema;
}

/** One step of a JSON Pointer in a URI fragment (RFC 6901, sections 4 and 6). */
function decodePointer(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

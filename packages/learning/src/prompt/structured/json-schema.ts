import { canonicalJson, type JsonValue } from "../../json.ts";

/** A JSON Schema of the part that `schemaFault` lets through. */
export type JsonSchema = boolean | { readonly [keyword: string]: JsonValue };

/** Where a value breaks its schema, as a dotted path ("" is the value itself), and how. */
export interface SchemaViolation {
  path: string;
  problem: string;
}

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];
const ANNOTATIONS = ["$schema", "$id", "title", "description", "default", "examples", "format", "$comment"];
const COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const COMBINATIONS = ["allOf", "anyOf", "oneOf"];
const DEEPEST = 32;
const MOST_VIOLATIONS = 20;

/**
 * What of a schema cannot be checked here, with the path inside it; undefined: all of it can. Known are `type`, `enum`, `const`, the
 * bounds of numbers, texts, arrays and objects, `properties`, `required`, `additionalProperties`, `items`, `allOf`, `anyOf`, `oneOf`
 * and `not`. Not known: references, and patterns, which could be made to run for ever.
 */
export function schemaFault(schema: unknown, path = "", depth = 0): SchemaViolation | undefined {
  if (typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return { path, problem: "must be a JSON Schema: an object, true or false" };
  if (depth > DEEPEST) return { path, problem: `is nested deeper than ${DEEPEST} schemas` };
  for (const [keyword, value] of Object.entries(schema)) {
    const place = path ? `${path}.${keyword}` : keyword;
    const fault = keywordFault(keyword, value, place, depth);
    if (fault) return fault;
  }
  return undefined;
}

function keywordFault(
  keyword: string,
  value: unknown,
  path: string,
  depth: number,
): SchemaViolation | undefined {
  if (ANNOTATIONS.includes(keyword)) return undefined;
  if (keyword === "type") {
    const types = Array.isArray(value) ? value : [value];
    const known = types.length > 0 && types.every((type) => TYPES.includes(type as string));
    return known ? undefined : { path, problem: `must be one of ${TYPES.join(", ")}, or a list of them` };
  }
  if (keyword === "enum") return Array.isArray(value) ? undefined : { path, problem: "must be a list" };
  if (keyword === "const") return undefined;
  if (COUNTS.includes(keyword)) {
    const whole = Number.isSafeInteger(value) && (value as number) >= 0;
    return whole ? undefined : { path, problem: "must be a whole number, 0 or more" };
  }
  if (BOUNDS.includes(keyword)) {
    if (typeof value !== "number") return { path, problem: "must be a number" };
    return keyword === "multipleOf" && !(value > 0) ? { path, problem: "must be above 0" } : undefined;
  }
  if (keyword === "uniqueItems")
    return typeof value === "boolean" ? undefined : { path, problem: "must be true or false" };
  if (keyword === "required") {
    const names = Array.isArray(value) && value.every((name) => typeof name === "string");
    return names ? undefined : { path, problem: "must be a list of names" };
  }
  if (keyword === "properties") {
    if (!isObject(value)) return { path, problem: "must be an object of schemas" };
    for (const [name, inner] of Object.entries(value)) {
      const fault = schemaFault(inner, `${path}.${name}`, depth + 1);
      if (fault) return fault;
    }
    return undefined;
  }
  if (COMBINATIONS.includes(keyword)) {
    if (!Array.isArray(value) || value.length === 0) return { path, problem: "must be a list of schemas" };
    for (const [index, inner] of value.entries()) {
      const fault = schemaFault(inner, `${path}.${index}`, depth + 1);
      if (fault) return fault;
    }
    return undefined;
  }
  if (["additionalProperties", "items", "not"].includes(keyword)) return schemaFault(value, path, depth + 1);
  return { path, problem: "is a keyword that is not checked here; leave it out" };
}

/** Every place where a value breaks its schema, the first twenty. The schema is one that `schemaFault` lets through. */
export function schemaViolations(schema: JsonSchema, value: JsonValue): SchemaViolation[] {
  const found: SchemaViolation[] = [];
  check(schema, value, "", found);
  return found.slice(0, MOST_VIOLATIONS);
}

function check(schema: JsonSchema, value: JsonValue, path: string, found: SchemaViolation[]): void {
  if (found.length >= MOST_VIOLATIONS) return;
  const say = (problem: string): void => void found.push({ path, problem });
  if (schema === true) return;
  if (schema === false) return say("is not allowed");
  const type = schema["type"];
  if (type !== undefined) {
    const types = (Array.isArray(type) ? type : [type]) as string[];
    if (!types.some((one) => hasType(value, one))) return say(`is not of type ${types.join(" or ")}`);
  }
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.some((one) => equals(one, value)))
    say(`is none of ${JSON.stringify(allowed)}`);
  if (schema["const"] !== undefined && !equals(schema["const"], value))
    say(`is not ${JSON.stringify(schema["const"])}`);
  if (typeof value === "number") checkNumber(schema, value, say);
  if (typeof value === "string") checkCount(schema, Array.from(value).length, "Length", "characters", say);
  if (Array.isArray(value)) checkArray(schema, value, path, found, say);
  else if (isObject(value)) checkObject(schema, value as Record<string, JsonValue>, path, found, say);
  checkCombinations(schema, value, path, found, say);
}

type Say = (problem: string) => void;

function checkNumber(schema: Exclude<JsonSchema, boolean>, value: number, say: Say): void {
  const at = (keyword: string): number | undefined => schema[keyword] as number | undefined;
  const [least, most, above, below, step] = BOUNDS_IN_ORDER.map(at);
  if (least !== undefined && value < least) say(`is below ${least}`);
  if (most !== undefined && value > most) say(`is above ${most}`);
  if (above !== undefined && value <= above) say(`is not above ${above}`);
  if (below !== undefined && value >= below) say(`is not below ${below}`);
  if (step !== undefined) {
    const times = value / step;
    if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times)))
      say(`is no multiple of ${step}`);
  }
}

const BOUNDS_IN_ORDER = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

function checkCount(
  schema: Exclude<JsonSchema, boolean>,
  count: number,
  what: "Length" | "Items" | "Properties",
  unit: string,
  say: Say,
): void {
  const [least, most] = [schema[`min${what}`], schema[`max${what}`]];
  if (typeof least === "number" && count < least) say(`has ${count} ${unit}, fewer than ${least}`);
  if (typeof most === "number" && count > most) say(`has ${count} ${unit}, more than ${most}`);
}

function checkArray(
  schema: Exclude<JsonSchema, boolean>,
  value: JsonValue[],
  path: string,
  found: SchemaViolation[],
  say: Say,
): void {
  checkCount(schema, value.length, "Items", "items", say);
  if (schema["uniqueItems"] === true && new Set(value.map((item) => canonicalJson(item))).size < value.length)
    say("repeats an item");
  const items = schema["items"];
  if (items === undefined) return;
  for (const [index, item] of value.entries()) check(items as JsonSchema, item, join(path, index), found);
}

function checkObject(
  schema: Exclude<JsonSchema, boolean>,
  value: Record<string, JsonValue>,
  path: string,
  found: SchemaViolation[],
  say: Say,
): void {
  const names = Object.keys(value);
  checkCount(schema, names.length, "Properties", "fields", say);
  for (const name of (schema["required"] ?? []) as string[])
    if (!Object.hasOwn(value, name)) say(`lacks the field ${JSON.stringify(name)}`);
  const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const others = schema["additionalProperties"] as JsonSchema | undefined;
  for (const name of names) {
    const own = Object.hasOwn(properties, name) ? properties[name] : others;
    if (own === false) say(`has the field ${JSON.stringify(name)}, which is not allowed`);
    else if (own !== undefined) check(own, value[name] as JsonValue, join(path, name), found);
  }
}

function checkCombinations(
  schema: Exclude<JsonSchema, boolean>,
  value: JsonValue,
  path: string,
  found: SchemaViolation[],
  say: Say,
): void {
  const fits = (inner: JsonValue): boolean => schemaViolations(inner as JsonSchema, value).length === 0;
  for (const inner of (schema["allOf"] ?? []) as JsonSchema[]) check(inner, value, path, found);
  const any = schema["anyOf"];
  if (Array.isArray(any) && !any.some(fits)) say("fits none of anyOf");
  const one = schema["oneOf"];
  if (Array.isArray(one)) {
    const fitting = one.filter(fits).length;
    if (fitting !== 1) say(`fits ${fitting} of oneOf instead of one`);
  }
  if (schema["not"] !== undefined && fits(schema["not"])) say("is what `not` forbids");
}

function hasType(value: JsonValue, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function equals(one: JsonValue, other: JsonValue): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

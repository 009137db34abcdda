import {
  isDefinitions,
  isObject,
  type JsonSchema,
  resolveReference,
  type SchemaViolation,
} from "./json-schema.ts";

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];
const ANNOTATIONS = [
  "$schema",
  "$id",
  "title",
  "description",
  "default",
  "examples",
  "format",
  "$comment",
  "deprecated",
  "readOnly",
  "writeOnly",
];
const COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const COMBINATIONS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const INNER = ["additionalProperties", "propertyNames", "items", "contains", "not"];
const DEEPEST = 32;
const LONGEST_PATTERN = 500;

/**
 * What of a schema cannot be checked here, with the path inside it; undefined: all of it can. Known are `type`, `enum`, `const`, the
 * bounds of numbers, texts, arrays and objects, `pattern`, `properties`, `propertyNames`, `required`, `additionalProperties`, `items`,
 * `prefixItems`, `contains`, `allOf`, `anyOf`, `oneOf`, `not`, and `$ref` to the schema itself or to its definitions (`$defs` or
 * `definitions`, at the top). A keyword that is not checked is refused rather than passed over.
 */
export function schemaFault(schema: unknown): SchemaViolation | undefined {
  return faultOf(schema, { root: schema as JsonSchema, path: "", depth: 0 });
}

interface Place {
  root: JsonSchema;
  path: string;
  depth: number;
}

function faultOf(schema: unknown, { root, path, depth }: Place): SchemaViolation | undefined {
  if (typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return { path, problem: "must be a JSON Schema: an object, true or false" };
  if (depth > DEEPEST) return { path, problem: `is nested deeper than ${DEEPEST} schemas` };
  for (const [keyword, value] of Object.entries(schema)) {
    const place = { root, path: path ? `${path}.${keyword}` : keyword, depth };
    const fault = keywordFault(keyword, value, place);
    if (fault) return fault;
  }
  return undefined;
}

/** The first fault of several schemas, each under a name. */
function faultOfEach(
  schemas: Iterable<[string | number, unknown]>,
  place: Place,
): SchemaViolation | undefined {
  for (const [name, inner] of schemas) {
    const fault = faultOf(inner, { ...place, path: `${place.path}.${name}`, depth: place.depth + 1 });
    if (fault) return fault;
  }
  return undefined;
}

function keywordFault(keyword: string, value: unknown, place: Place): SchemaViolation | undefined {
  const { root, path } = place;
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
  if (keyword === "pattern") return patternFault(value, path);
  if (keyword === "$ref") {
    const known = resolveReference(root, value) !== undefined;
    return known
      ? undefined
      : { path, problem: 'must be "#" or point to a definition of this schema: #/$defs/NAME' };
  }
  if (isDefinitions(keyword) && place.depth > 0) return { path, problem: "belongs at the top of the schema" };
  if (keyword === "properties" || isDefinitions(keyword))
    return isObject(value)
      ? faultOfEach(Object.entries(value), place)
      : { path, problem: "must be an object of schemas" };
  if (COMBINATIONS.includes(keyword)) {
    if (!Array.isArray(value) || value.length === 0) return { path, problem: "must be a list of schemas" };
    return faultOfEach(value.entries(), place);
  }
  if (INNER.includes(keyword)) return faultOf(value, { ...place, depth: place.depth + 1 });
  return { path, problem: "is a keyword that is not checked here; leave it out" };
}

function patternFault(value: unknown, path: string): SchemaViolation | undefined {
  if (typeof value !== "string") return { path, problem: "must be a regular expression" };
  if (value.length > LONGEST_PATTERN) return { path, problem: `has more than ${LONGEST_PATTERN} characters` };
  try {
    return new RegExp(value, "u") instanceof RegExp
      ? undefined
      : { path, problem: "must be a regular expression" };
  } catch {
    return { path, problem: "is not a regular expression" };
  }
}

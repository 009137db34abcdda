import { canonicalJson, type JsonValue } from "../../json.ts";
import { type GuardedMatcher, guardedMatcher } from "../../text/guarded-match.ts";
import { isObject, type JsonSchema, resolveReference, type SchemaViolation } from "./json-schema.ts";

const MOST_VIOLATIONS = 20;
const DEEPEST_VALUE = 200;
const MOST_CHECKS = 200_000;

/** Matchers of schemas with a pattern, so that one that was too slow is not tried again. */
const MATCHERS = new WeakMap<object, GuardedMatcher>();

/** Every place where a value breaks its schema, the first twenty. The schema is one that `schemaFault` lets through. */
export function schemaViolations(schema: JsonSchema, value: JsonValue): SchemaViolation[] {
  const found: SchemaViolation[] = [];
  check(schema, value, { root: schema, path: "", depth: 0, under: [], found, left: { checks: MOST_CHECKS } });
  return found.slice(0, MOST_VIOLATIONS);
}

/** Where a check stands. */
interface Scope {
  root: JsonSchema;
  path: string;
  depth: number;
  /** Schemas that this very value is being held to: one that leads to itself again says nothing new. */
  under: readonly JsonSchema[];
  found: SchemaViolation[];
  /** What the whole value may still take: definitions that lead to each other could ask without end. */
  left: { checks: number };
}

function check(schema: JsonSchema, value: JsonValue, outer: Scope): void {
  const { path, found, root } = outer;
  if (found.length >= MOST_VIOLATIONS || outer.under.includes(schema)) return;
  const say = (problem: string): void => void found.push({ path, problem });
  if (schema === true) return;
  if (schema === false) return say("is not allowed");
  outer.left.checks -= 1;
  if (outer.left.checks < 0) return say("takes too long to check");
  if (outer.depth > DEEPEST_VALUE) return say(`is nested deeper than ${DEEPEST_VALUE} values`);
  const scope: Scope = { ...outer, under: [...outer.under, schema] };
  const meant = schema["$ref"] === undefined ? undefined : resolveReference(root, schema["$ref"]);
  if (meant !== undefined) check(meant, value, scope);
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
  if (typeof value === "string") checkText(schema, value, say);
  if (Array.isArray(value)) checkArray(schema, value, scope, say);
  else if (isObject(value)) checkObject(schema, value as Record<string, JsonValue>, scope, say);
  checkCombinations(schema, value, scope, say);
}

/** The scope of a member or an item. */
function inside(scope: Scope, key: string | number): Scope {
  return { ...scope, path: join(scope.path, key), depth: scope.depth + 1, under: [] };
}

function fits(schema: JsonSchema, value: JsonValue, scope: Scope): boolean {
  const found: SchemaViolation[] = [];
  check(schema, value, { ...scope, found });
  return found.length === 0;
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

function checkText(schema: Exclude<JsonSchema, boolean>, value: string, say: Say): void {
  checkCount(schema, Array.from(value).length, "Length", "characters", say);
  const pattern = schema["pattern"];
  if (typeof pattern !== "string") return;
  const matcher = MATCHERS.get(schema) ?? guardedMatcher(new RegExp(pattern, "u"));
  MATCHERS.set(schema, matcher);
  const match = matcher(value);
  if (match === "too slow") say(`takes too long to match against /${pattern}/`);
  else if (match === null) say(`does not match /${pattern}/`);
}

function checkArray(schema: Exclude<JsonSchema, boolean>, value: JsonValue[], scope: Scope, say: Say): void {
  checkCount(schema, value.length, "Items", "items", say);
  if (schema["uniqueItems"] === true && new Set(value.map((item) => canonicalJson(item))).size < value.length)
    say("repeats an item");
  const first = (schema["prefixItems"] ?? []) as JsonSchema[];
  const others = schema["items"] as JsonSchema | undefined;
  for (const [index, item] of value.entries()) {
    const own = first[index] ?? others;
    if (own !== undefined) check(own, item, inside(scope, index));
  }
  const wanted = schema["contains"] as JsonSchema | undefined;
  if (wanted !== undefined && !value.some((item, index) => fits(wanted, item, inside(scope, index))))
    say("has no item that fits contains");
}

function checkObject(
  schema: Exclude<JsonSchema, boolean>,
  value: Record<string, JsonValue>,
  scope: Scope,
  say: Say,
): void {
  const names = Object.keys(value);
  checkCount(schema, names.length, "Properties", "fields", say);
  for (const name of (schema["required"] ?? []) as string[])
    if (!Object.hasOwn(value, name)) say(`lacks the field ${JSON.stringify(name)}`);
  const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const others = schema["additionalProperties"] as JsonSchema | undefined;
  const naming = schema["propertyNames"] as JsonSchema | undefined;
  for (const name of names) {
    if (naming !== undefined && !fits(naming, name, inside(scope, name)))
      say(`has the field ${JSON.stringify(name)}, whose name is not allowed`);
    const own = Object.hasOwn(properties, name) ? properties[name] : others;
    if (own === false) say(`has the field ${JSON.stringify(name)}, which is not allowed`);
    else if (own !== undefined) check(own, value[name] as JsonValue, inside(scope, name));
  }
}

function checkCombinations(
  schema: Exclude<JsonSchema, boolean>,
  value: JsonValue,
  scope: Scope,
  say: Say,
): void {
  const isFitting = (inner: JsonSchema): boolean => fits(inner, value, scope);
  for (const inner of (schema["allOf"] ?? []) as JsonSchema[]) check(inner, value, scope);
  const any = schema["anyOf"] as JsonSchema[] | undefined;
  if (any !== undefined && !any.some(isFitting)) say("fits none of anyOf");
  const one = schema["oneOf"] as JsonSchema[] | undefined;
  if (one !== undefined) {
    const fitting = one.filter(isFitting).length;
    if (fitting !== 1) say(`fits ${fitting} of oneOf instead of one`);
  }
  const forbidden = schema["not"] as JsonSchema | undefined;
  if (forbidden !== undefined && isFitting(forbidden)) say("is what `not` forbids");
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

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

/** A JSON Schema as OpenAPI 3.1 holds it. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  minLength?: number;
  default?: unknown;
}

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

function sampleString(schema: JsonSchema): string {
  if (schema.format === "uuid" || schema.format === "guid" || /0-9a-f.*\{8\}/i.test(schema.pattern ?? ""))
    return UNKNOWN_ID;
  if (schema.format === "date-time") return "2026-01-01T00:00:00.000Z";
  if (schema.format === "email") return "someone@example.org";
  return "sample".padEnd(schema.minLength ?? 0, "x");
}

/** A small value that a schema accepts, required fields only; `known` overrides fields by name, optional ones included. */
export function sampleFromSchema(schema: JsonSchema, known: Readonly<Record<string, unknown>> = {}): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const alternative = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (alternative !== undefined) return sampleFromSchema(alternative, known);
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => sampleFromSchema(part, known))) as unknown;
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object":
      return sampleObject(schema, known);
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleFromSchema(schema.items ?? {}, known));
    case "string":
      return sampleString(schema);
    case "integer":
    case "number":
      return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + 0.01);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return {};
  }
}

function sampleObject(schema: JsonSchema, known: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([name, property]) => name in known || (required.has(name) && property.default === undefined))
      .map(([name, property]) => [name, name in known ? known[name] : sampleFromSchema(property, known)]),
  );
}

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { routes } from "../routes.ts";
import { describeApi } from "./openapi.ts";
import { definePublicRoute } from "./route.ts";

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  "x-access": unknown;
  security: unknown[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

const description = JSON.parse(JSON.stringify(describeApi(routes, "1.2.3"))) as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

// The structural rules of OpenAPI 3.1 that this document can break, after the specification's own JSON Schema.
const media = { type: "object", required: ["schema"], properties: { schema: { type: "object" } } };
const content = {
  type: "object",
  minProperties: 1,
  propertyNames: { pattern: "^[a-z]+/[a-z0-9.+-]+(; ?[a-z0-9=.-]+)*$" },
  additionalProperties: media,
};
const parameter = {
  type: "object",
  required: ["name", "in", "schema"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1 },
    in: { enum: ["query", "header", "path", "cookie"] },
    required: { type: "boolean" },
    description: { type: "string" },
    schema: { type: ["object", "boolean"] },
  },
  if: { properties: { in: { const: "path" } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
  then: { required: ["required"], properties: { required: { const: true } } },
};
const operation = {
  type: "object",
  required: ["operationId", "summary", "tags", "responses", "security", "x-access"],
  additionalProperties: false,
  properties: {
    operationId: { type: "string", pattern: "^[a-z][a-zA-Z]*$" },
    summary: { type: "string", minLength: 1 },
    description: { type: "string" },
    tags: { type: "array", items: { type: "string" }, minItems: 1 },
    "x-access": { anyOf: [{ const: "public" }, { type: "object", required: ["user", "machine"] }] },
    security: { type: "array", items: { type: "object", properties: { key: { maxItems: 0 } } } },
    parameters: { type: "array", items: parameter },
    requestBody: { type: "object", required: ["content"], properties: { content } },
    responses: {
      type: "object",
      minProperties: 2,
      propertyNames: { pattern: "^([1-5][0-9][0-9]|default)$" },
      additionalProperties: {
        type: "object",
        required: ["description"],
        properties: { description: { type: "string" }, content },
      },
    },
  },
};
const rules = {
  type: "object",
  required: ["openapi", "info", "paths", "components"],
  additionalProperties: false,
  properties: {
    openapi: { type: "string", pattern: "^3\\.1\\.\\d+$" },
    jsonSchemaDialect: { type: "string", format: "uri" },
    info: {
      type: "object",
      required: ["title", "version"],
      properties: {
        license: { type: "object", required: ["name"], not: { required: ["identifier", "url"] } },
      },
    },
    paths: {
      type: "object",
      propertyNames: { pattern: "^/[^:]*$" },
      additionalProperties: {
        type: "object",
        propertyNames: { enum: ["get", "put", "post", "delete", "patch"] },
        additionalProperties: operation,
      },
    },
    components: { type: "object", propertyNames: { enum: ["schemas", "securitySchemes"] } },
  },
};

function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "$ref" ? [String(inner)] : references(inner),
  );
}

function resolve(reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  let current: unknown = description;
  for (const step of reference.slice(2).split("/")) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    current = (current as Record<string, unknown> | undefined)?.[name];
  }
  return current;
}

describe("describeApi", () => {
  it("is OpenAPI 3.1 by its structural rules", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const valid = ajv.validate(rules, description);
    expect(valid, ajv.errorsText(ajv.errors, { separator: "\n" })).toBe(true);
  });

  it("names every operation once, and every path with its method once", () => {
    const names = operations.map(({ operation: { operationId } }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(routes.length);
  });

  it("has something behind every reference", () => {
    const all = references(description);
    expect(all.length).toBeGreaterThan(operations.length - 1);
    for (const reference of new Set(all)) expect(resolve(reference), reference).toBeTypeOf("object");
  });

  it("holds schemas that are JSON Schema 2020-12", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const check = (schema: object, where: string): void =>
      expect(ajv.validateSchema(schema), `${where}: ${ajv.errorsText(ajv.errors)}`).toBe(true);
    for (const {
      path,
      method,
      operation: { parameters, requestBody, responses },
    } of operations) {
      for (const { name, schema } of parameters) check(schema, `${method} ${path} ${name}`);
      for (const { schema } of Object.values(requestBody?.content ?? {})) check(schema, `${method} ${path}`);
      for (const response of Object.values(responses)) {
        for (const { schema } of Object.values(response.content ?? {})) check(schema, `${method} ${path}`);
      }
    }
    for (const [name, schema] of Object.entries(description.components.schemas)) check(schema, name);
  });

  it("declares exactly the parameters that a path has", () => {
    for (const {
      path,
      method,
      operation: { parameters },
    } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === "path").map(({ name }) => name);
      expect(declared.sort(), `${method} ${path}`).toEqual(inPath.sort());
      const names = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(names).size, `${method} ${path}`).toBe(names.length);
    }
  });

  it("asks for a key wherever access is not public, and offers Idempotency-Key to what changes something", () => {
    for (const { path, method, operation: one } of operations) {
      expect(one.security.length, `${method} ${path}`).toBe(one["x-access"] === "public" ? 0 : 1);
      const offered = one.parameters.some(({ name }) => name === "Idempotency-Key");
      expect(offered, `${method} ${path}`).toBe(method !== "get" && one["x-access"] !== "public");
    }
  });

  it("has the guide's fourteen endpoints at their paths and verbs", () => {
    const guide = `POST /feedback
      GET /feedback/stats/{agentId}
      GET /feedback/issues/{agentId}
      GET /annotations/queue
      POST /annotations
      POST /optimize-prompt
      POST /demonstrations
      GET /datasets/{agentId}
      GET /training-runs/{agentId}
      POST /training-runs
      GET /experiments/{agentId}
      POST /experiments
      PATCH /experiments/{experimentId}
      GET /stats`.split("\n");
    const there = new Set(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`));
    for (const line of guide) {
      const [method, path] = line.trim().split(" ");
      expect(there).toContain(`${method} /api/learning${path}`);
    }
  });

  it("describes bodies of other media types, and answers without a body", () => {
    const one = (path: string, response: z.ZodType | string | null) =>
      definePublicRoute({
        method: "GET",
        path,
        operationId: path.slice(1),
        summary: "one",
        tag: "t",
        responses: { 200: response },
        handler: async () => ({ status: 200 }),
      });
    const made = describeApi([one("/text", "text/plain"), one("/none", null)], "1") as unknown as Description;
    expect(made.paths["/text"]?.get?.responses["200"]?.content).toEqual({ "text/plain": { schema: {} } });
    expect(made.paths["/none"]?.get?.responses["200"]).toEqual({ description: "Done" });
    expect(made.paths["/none"]?.get?.responses.default?.content).toHaveProperty(["application/problem+json"]);
  });
});

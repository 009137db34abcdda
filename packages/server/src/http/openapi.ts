import { problem } from "@agent-learning/contract";
import { z } from "zod";
import type { Route, TransactionalRoute } from "./route.ts";

type Schema = Record<string, unknown>;

function schemaOf(type: z.ZodType, io: "input" | "output"): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
    // What we send is as its format says; the pattern beside it would be a fifth of the document.
    override: ({ jsonSchema }) => {
      if (io === "output" && jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  }) as Schema;
  return schema;
}

function parameters(type: z.ZodType | undefined, place: "path" | "query"): Schema[] {
  if (type === undefined) return [];
  const schema = schemaOf(type, "input") as { properties?: Record<string, Schema>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || (schema.required ?? []).includes(name),
    schema: property,
  }));
}

const PROBLEM_RESPONSE = {
  description: "Problem details (RFC 9457)",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function response(bodies: TransactionalRoute["responses"][number]): Schema {
  if (bodies === null) return { description: "Done" };
  const content = [bodies]
    .flat()
    .map((body) =>
      typeof body === "string"
        ? [body, { schema: {} }]
        : ["application/json", { schema: schemaOf(body, "output") }],
    );
  return { description: "Done", content: Object.fromEntries(content) as Schema };
}

function requestBody({ body, bodyStream }: TransactionalRoute): Schema {
  if (bodyStream !== undefined) {
    const content = Object.fromEntries(bodyStream.map((type) => [type, { schema: {} }]));
    return { requestBody: { required: true, content } };
  }
  if (body === undefined) return {};
  const content = { "application/json": { schema: schemaOf(body, "input") } };
  return { requestBody: { required: true, content } };
}

function operation(route: TransactionalRoute): Schema {
  const mutating = route.method !== "GET";
  const idempotencyKey = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    schema: { type: "string", maxLength: 255 },
  };
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    "x-access": route.access,
    security: route.access === "public" ? [] : [{ key: [] }],
    parameters: [
      ...parameters(route.params, "path"),
      ...parameters(route.query, "query"),
      ...(mutating && route.access !== "public" ? [idempotencyKey] : []),
    ],
    ...requestBody(route),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, schema]) => [status, response(schema)]),
      ),
      default: PROBLEM_RESPONSE,
    },
  };
}

/** The API's description, OpenAPI 3.1, made from the routes themselves. `x-access` says who may call each. */
export function describeApi(routes: readonly Route[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes as unknown as readonly TransactionalRoute[]) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Agent Learning System",
      version,
      description:
        "Collect feedback, curate it, learn from it, evaluate what was learned, release it by canary.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "A user's key or a machine key" },
      },
      schemas: { Problem: schemaOf(problem, "output") },
    },
  };
}

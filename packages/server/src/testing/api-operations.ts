import type { Access } from "@agent-learning/contract";
import { describeApi } from "../http/openapi.ts";
import { routes } from "../routes.ts";
import type { JsonSchema } from "./sample-from-schema.ts";

/** One operation as the API's own description tells it. */
export interface ApiOperation {
  operationId: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{name}` parameters. */
  path: string;
  access: Access | "public";
  pathParameters: string[];
  queryParameters: string[];
  body: JsonSchema | undefined;
  /** Status → schema of the JSON answer, where it is JSON. */
  responses: ReadonlyMap<string, JsonSchema>;
}

interface Described {
  operationId: string;
  "x-access": Access | "public";
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

/** Every operation in the OpenAPI description. */
export function listOperations(): ApiOperation[] {
  const description = describeApi(routes, "test") as { paths: Record<string, Record<string, Described>> };
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      operationId: operation.operationId,
      method: method.toUpperCase() as ApiOperation["method"],
      path,
      access: operation["x-access"],
      pathParameters: operation.parameters
        .filter((parameter) => parameter.in === "path")
        .map(({ name }) => name),
      queryParameters: operation.parameters
        .filter((parameter) => parameter.in === "query")
        .map(({ name }) => name),
      body: operation.requestBody?.content["application/json"]?.schema,
      responses: new Map(
        Object.entries(operation.responses).flatMap(([status, response]) => {
          const schema = response.content?.["application/json"]?.schema;
          return schema === undefined ? [] : [[status, schema] as const];
        }),
      ),
    })),
  );
}

/** The URL of an operation with its parameters filled in. */
export function urlOf(operation: ApiOperation, values: (name: string) => string): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(values(name)));
}

import { sql } from "kysely";
import { z } from "zod";
import { withSystem } from "../database/index.ts";
import { VERSION } from "../version.ts";
import { describeApi } from "./openapi.ts";
import { definePublicRoute, type Route } from "./route.ts";

/** Liveness and readiness. Liveness never asks the database: a frozen database must not get the process killed. */
const healthRoutes: readonly Route[] = [
  definePublicRoute({
    method: "GET",
    path: "/health",
    operationId: "getHealth",
    summary: "The process is alive",
    tag: "Operations",
    responses: { 200: z.object({ status: z.literal("ok"), version: z.string() }) },
    handler: async () => ({ status: 200, body: { status: "ok", version: VERSION } }),
  }),
  definePublicRoute({
    method: "GET",
    path: "/metrics",
    operationId: "getProcessMetrics",
    summary: "This process's metrics in Prometheus' text format",
    tag: "Operations",
    responses: { 200: "text/plain; version=0.0.4; charset=utf-8" },
    handler: async ({ services }) => ({ status: 200, body: await services.metrics.registry.metrics() }),
  }),
  definePublicRoute({
    method: "GET",
    path: "/ready",
    operationId: "getReadiness",
    summary: "The database answers",
    tag: "Operations",
    responses: { 200: z.object({ status: z.literal("ready"), engine: z.enum(["postgresql", "pglite"]) }) },
    handler: async ({ services }) => {
      // In a transaction: beginning one has a short time limit.
      await withSystem(services.database.kysely, (tx) => sql`SELECT 1`.execute(tx));
      return { status: 200, body: { status: "ready", engine: services.database.raw.engine } };
    },
  }),
];

/** Adds health, readiness and the API's own description to the routes that it describes. */
export function withOperationsRoutes(routes: readonly Route[]): readonly Route[] {
  const description = definePublicRoute({
    method: "GET",
    path: "/openapi.json",
    operationId: "getOpenapi",
    summary: "This API as OpenAPI 3.1",
    tag: "Operations",
    responses: { 200: z.looseObject({ openapi: z.string() }) },
    handler: async () => {
      document ??= describeApi(all, VERSION);
      return { status: 200, body: document };
    },
  });
  let document: unknown;
  const all: readonly Route[] = [...routes, ...healthRoutes, description];
  return all;
}

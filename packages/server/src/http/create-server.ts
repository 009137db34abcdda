import { createServer as createHttpServer } from "node:http";
import { type FastifyInstance, fastify } from "fastify";
import { newId } from "../new-id.ts";
import { createErrorHandler } from "./error-handler.ts";
import { ProblemError } from "./problem-error.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { parseJsonBody } from "./read-body.ts";
import { registerRoute, type RouteEnvironment } from "./register-route.ts";
import type { Route } from "./route.ts";

const BODY_LIMIT = 1024 * 1024;

/** The HTTP server with every route on it, not yet listening. */
export function createServer(
  routes: readonly Route[],
  environment: Omit<RouteEnvironment, "limit">,
): FastifyInstance {
  const { config, log } = environment.services;
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: () => newId(),
    // Slow senders are cut off; answers may take long (streams, long polls).
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    serverFactory: (handler) =>
      createHttpServer({ headersTimeout: 10_000, connectionsCheckingInterval: 5_000 }, handler),
    frameworkErrors: (error, request, reply) => void createErrorHandler(log)(error, request, reply),
  });
  // First of all: what a plugin or a parser throws before this would leave as Fastify's own 500.
  server.setErrorHandler(createErrorHandler(log));
  server.setNotFoundHandler(async (request, reply) =>
    createErrorHandler(log)(
      new ProblemError(
        "not-found",
        `There is no ${request.method} ${request.url.split("?")[0]?.slice(0, 200)}. See /openapi.json for what there is.`,
      ),
      request,
      reply,
    ),
  );
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_request: unknown, body: string | Buffer) => parseJsonBody(body.toString()),
  );
  server.addHook("onResponse", async (request, reply) =>
    environment.services.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    }),
  );
  const limit = config.rateLimit > 0 ? createRateLimiter(config.rateLimit) : undefined;
  for (const route of routes) registerRoute(server, route, { ...environment, limit });
  return server;
}

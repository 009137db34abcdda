import { createServer as createHttpServer } from "node:http";
import type { Socket } from "node:net";
import { type FastifyInstance, fastify } from "fastify";
import { newId } from "../new-id.ts";
import { allowOtherOrigins } from "./cross-origin.ts";
import { answerClientError } from "./answer-client-error.ts";
import { serveDashboard } from "./dashboard/serve-dashboard.ts";
import { createErrorHandler } from "./error-handler.ts";
import { ProblemError } from "./problem-error.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { parseJsonBody } from "./read-body.ts";
import { registerRoute, type RouteEnvironment } from "./register-route.ts";
import type { Route } from "./route.ts";

const BODY_LIMIT = 1024 * 1024;
/** Within which a body that is no upload has to be here. */
const BODY_SECONDS = 30;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Media types that the route reads as a stream. */
    bodyStream?: readonly string[];
  }
}

/** The HTTP server with every route on it, not yet listening. */
export function createServer(
  routes: readonly Route[],
  environment: Omit<RouteEnvironment, "limit">,
): FastifyInstance {
  const { config, log } = environment.services;
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: () => newId(),
    // Fastify sets no times on a server that it did not make.
    serverFactory: (handler) =>
      createHttpServer(
        {
          headersTimeout: 10_000,
          // Of streamed uploads; all other senders are cut off after BODY_SECONDS. Answers may take long (streams, long polls).
          requestTimeout: 3_600_000,
          keepAliveTimeout: 65_000,
          connectionsCheckingInterval: 5_000,
        },
        handler,
      ),
    clientErrorHandler: answerClientError,
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
  addStreamedBodies(server, routes);
  hangUpWhenClosing(server);
  server.addHook("onResponse", async (request, reply) =>
    environment.services.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    }),
  );
  const limit = config.rateLimit > 0 ? createRateLimiter(config.rateLimit) : undefined;
  allowOtherOrigins(server, routes, config.corsOrigins);
  for (const route of routes) registerRoute(server, route, { ...environment, limit });
  serveDashboard(server);
  return server;
}

/**
 * Nobody who asks nothing holds up the closing. A connection that was busy when it began becomes idle later, and would stay for its
 * keep-alive time; one on which nothing was ever asked (browsers and pools open them ahead) does not count as idle, and nobody
 * looks after it once a server closes.
 */
function hangUpWhenClosing(server: FastifyInstance): void {
  const silent = new Set<Socket>();
  server.server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.server.on("request", ({ socket }) => silent.delete(socket));
  server.addHook("preClose", async () => {
    const hangUp = setInterval(() => server.server.closeIdleConnections(), 100);
    server.server.once("close", () => clearInterval(hangUp));
    hangUp.unref();
    for (const socket of silent) socket.destroy();
  });
}

/** Hands bodies of the media types that a route lists over unread, and cuts off whoever sends another body slowly. */
function addStreamedBodies(server: FastifyInstance, routes: readonly Route[]): void {
  const types = new Set(
    (routes as readonly { bodyStream?: readonly string[] }[]).flatMap((route) => route.bodyStream ?? []),
  );
  if (types.size > 0) {
    server.addContentTypeParser([...types], (request, payload, done) => {
      const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
      if (request.routeOptions.config.bodyStream?.includes(type) === true) done(null, payload);
      else done(new ProblemError("unsupported-media-type", "This route takes application/json."));
    });
  }
  server.addHook("onRequest", async (request) => {
    if ((request.routeOptions.config.bodyStream ?? []).length > 0 || request.raw.complete) return;
    const timer = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy();
    }, BODY_SECONDS * 1_000);
    request.raw.once("close", () => clearTimeout(timer));
  });
}

import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createContext } from "../create-context.ts";
import type { Services } from "../services.ts";
import type { KeyIdentifier } from "../administration/api-keys/identify.ts";
import { authenticate, authorise, type TokenVerifier } from "./authenticate.ts";
import { hashRequest, onceForKey, readIdempotencyKey } from "./idempotency.ts";
import { parseInput } from "./parse-input.ts";
import { ProblemError } from "./problem-error.ts";
import type { RateDecision } from "./rate-limit.ts";
import { assertStorable } from "./read-body.ts";
import type { Answer, FreeRoute, PublicRoute, Route, TransactionalRoute } from "./route.ts";

export interface RouteEnvironment {
  services: Services;
  keys: KeyIdentifier;
  verifyToken: TokenVerifier;
  limit: ((key: string) => RateDecision) | undefined;
}

type AnyRoute = TransactionalRoute | FreeRoute | PublicRoute;

function applyLimit(environment: RouteEnvironment, key: string, reply: FastifyReply): void {
  const decision = environment.limit?.(key);
  if (decision === undefined) return;
  void reply.headers({
    "ratelimit-limit": String(decision.limit),
    "ratelimit-remaining": String(decision.remaining),
    "ratelimit-reset": String(decision.resetSeconds),
  });
  if (!decision.allowed) {
    throw new ProblemError(
      "rate-limited",
      `More requests than the ${decision.limit} that this key may burst. Wait ${decision.resetSeconds} s.`,
      {
        retryAfterSeconds: decision.resetSeconds,
      },
    );
  }
}

function streamOf({ bodyStream = [] }: AnyRoute, { body }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  const types = bodyStream.join(", ");
  throw new ProblemError("unsupported-media-type", `Send the file itself as the body, as one of ${types}.`, {
    errors: [{ path: "body", message: `must be one of ${types}` }],
  });
}

function parseAll(
  route: AnyRoute,
  request: FastifyRequest,
): { params: unknown; query: unknown; body: unknown } {
  const params = parseInput(route.params, request.params, "path");
  const query = parseInput(route.query, request.query, "query");
  // Bodies were checked as they were read; parameters come percent-decoded.
  assertStorable(params, "path");
  assertStorable(query, "query");
  const body =
    route.bodyStream === undefined ? parseInput(route.body, request.body, "body") : streamOf(route, request);
  return { params, query, body };
}

async function send(
  route: AnyRoute,
  reply: FastifyReply,
  answer: Answer | "sent",
  check: boolean,
): Promise<void> {
  if (answer === "sent") return;
  const bodies = route.responses[answer.status];
  if (bodies === undefined)
    throw new Error(`${route.operationId} answered ${answer.status}, which its responses do not list`);
  if (answer.headers !== undefined) void reply.headers(answer.headers);
  void reply.code(answer.status);
  if (bodies === null) return void (await reply.send());
  const listed = [bodies].flat();
  const schema = listed.find((body) => typeof body !== "string");
  const type = listed.find((body) => typeof body === "string");
  if (schema === undefined)
    return void (await reply.type(type ?? "application/octet-stream").send(answer.body));
  const text = JSON.stringify(answer.body);
  if (check) schema.parse(JSON.parse(text));
  await reply.type("application/json; charset=utf-8").send(text);
}

async function run(
  route: AnyRoute,
  environment: RouteEnvironment,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer | "sent"> {
  const { services } = environment;
  if (route.kind === "public") {
    return route.handler({ ...parseAll(route, request), headers: request.headers, services, reply });
  }
  const identity = await authenticate(
    request.headers.authorization,
    environment.keys,
    environment.verifyToken,
  );
  if (route.access !== "public") authorise(identity.actor, route.access);
  applyLimit(environment, identity.actor.kind === "system" ? "" : identity.actor.keyId, reply);
  const input = { ...parseAll(route, request), headers: request.headers };
  const ctx = createContext(services, identity.organizationId, identity.actor);
  if (route.kind === "free") {
    const gone = new AbortController();
    // Closed after the whole answer is nobody's leaving, and an abort is not cheap.
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    return route.handler({ ...input, ctx, reply, signal: gone.signal });
  }
  const key = route.method === "GET" ? undefined : readIdempotencyKey(request.headers["idempotency-key"]);
  return ctx.transact((tenant) => {
    const work = (): Promise<Answer> => route.handler({ ...input, ctx: tenant });
    if (key === undefined) return work();
    const hash = hashRequest(route.operationId, input.params, input.query, input.body);
    return onceForKey(tenant, key, route.operationId, hash, work);
  });
}

/** The one wrapper around every route: authenticate, authorise, limit, parse, run, serialise. */
export function registerRoute(
  server: FastifyInstance,
  definition: Route,
  environment: RouteEnvironment,
): void {
  const route = definition as unknown as AnyRoute;
  server.route({
    method: route.method,
    url: route.path,
    config: { bodyStream: route.bodyStream ?? [] },
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    handler: async (request, reply) => {
      const answer = await run(route, environment, request, reply);
      await send(route, reply, answer, environment.services.config.checkResponses);
      return reply;
    },
  });
}

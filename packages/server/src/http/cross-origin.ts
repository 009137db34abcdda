import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Route } from "./route.ts";

/**
 * Which pages of other origins may call. Undefined: any page may call the routes that take publishable keys and feedback tokens,
 * none may call another. A list: the pages of these origins may call every route, others none. "*": all may call everything.
 */
export type AllowedOrigins = readonly string[] | "*" | undefined;

const REQUEST_HEADERS =
  "authorization, content-type, accept, idempotency-key, if-match, if-none-match, last-event-id";
const ANSWER_HEADERS =
  "etag, location, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, content-disposition";
const PREFLIGHT_SECONDS = "7200";
const FOR_BROWSERS = new Set(["publishable", "feedback_token"]);

function isForBrowsers({ access }: Route): boolean {
  return access !== "public" && access.machine.some((kind) => FOR_BROWSERS.has(kind));
}

/** Routes of one path may name its parameters differently. */
function shapeOf(path: string): string {
  return path.replaceAll(/:\w+/g, ":parameter");
}

/** What Access-Control-Allow-Origin says to a page of this origin; undefined: nothing. */
function allow(origins: AllowedOrigins, origin: string, forBrowsers: boolean): string | undefined {
  if (origins === undefined) return forBrowsers ? "*" : undefined;
  if (origins === "*") return "*";
  return origins.includes(origin.toLowerCase()) ? origin : undefined;
}

/**
 * Lets pages of other origins call (https://fetch.spec.whatwg.org/#http-cors-protocol). Keys travel in a header and there are no
 * cookies: a page gets nothing with this that its key does not give it, and credentials are never allowed. Call it before the
 * routes are registered.
 */
export function allowOtherOrigins(
  server: FastifyInstance,
  routes: readonly Route[],
  origins: AllowedOrigins,
): void {
  const forBrowsers = new Set(
    routes.filter(isForBrowsers).map(({ method, path }) => `${method} ${shapeOf(path)}`),
  );
  const allowed = (request: FastifyRequest, method: string): string | undefined => {
    const { origin } = request.headers;
    const route = `${method} ${shapeOf(request.routeOptions.url ?? "")}`;
    return origin === undefined ? undefined : allow(origins, origin, forBrowsers.has(route));
  };
  // On the raw answer, so that streams, which Fastify does not send, have it too.
  server.addHook("onRequest", async (request, { raw }) => {
    // Also without an Origin: caches must not hand one page's answer to another's.
    if (Array.isArray(origins)) raw.setHeader("vary", "origin");
    const origin = allowed(request, request.method);
    if (origin === undefined) return;
    raw.setHeader("access-control-allow-origin", origin);
    raw.setHeader("access-control-expose-headers", ANSWER_HEADERS);
  });
  for (const [path, there] of Map.groupBy(routes, ({ path: each }) => shapeOf(each))) {
    server.options(path, async (request, reply) => {
      const asked = request.headers["access-control-request-method"];
      const open = there
        .map(({ method }) => method)
        .filter((method) => allowed(request, method) !== undefined);
      const origin = allowed(request, typeof asked === "string" ? asked : (open[0] ?? ""));
      if (origin === undefined) return reply.callNotFound();
      return reply
        .headers({
          "access-control-allow-origin": origin,
          "access-control-allow-methods": open.join(", "),
          "access-control-allow-headers": REQUEST_HEADERS,
          "access-control-max-age": PREFLIGHT_SECONDS,
        })
        .code(204)
        .send();
    });
  }
}

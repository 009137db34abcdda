import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NOT_BUILT } from "./not-built.ts";
import { type Dashboard, type DashboardFile, readDashboard } from "./read-dashboard.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

let built: Dashboard | undefined;

const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes("text/html") === true;
}

function chooseBody(file: DashboardFile, accepted: string): { body: Buffer; encoding?: string } {
  const offered = new Set(
    accepted
      .split(",")
      .map((part) => part.trim().split(";"))
      .filter(([, quality]) => quality?.trim() !== "q=0")
      .map(([name]) => name),
  );
  return file.encoded.find(({ encoding }) => offered.has(encoding)) ?? { body: file.plain };
}

function send(file: DashboardFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers({
    ...SECURITY_HEADERS,
    "cache-control": file.immutable ? FOREVER : ASK_AGAIN,
    etag: file.etag,
    vary: "Accept-Encoding",
  });
  if (request.headers["if-none-match"]?.split(/,\s*/).includes(file.etag)) return reply.code(304).send();
  const { body, encoding } = chooseBody(file, request.headers["accept-encoding"] ?? "");
  if (encoding !== undefined) void reply.header("content-encoding", encoding);
  return reply.type(file.type).send(body);
}

/**
 * The dashboard at `/`: its files, and its page for every address that a browser opens and the API does not have, because
 * addresses of the dashboard hold its state. `/api` and the operators' routes stay as they are.
 */
export function serveDashboard(server: FastifyInstance, dashboard?: Dashboard): void {
  server.get("/*", (request, reply) => {
    const files = dashboard ?? (built ??= readDashboard());
    const path = request.url.split("?", 1)[0] ?? "/";
    const file = files.get(path === "/" ? "/index.html" : path);
    if (file !== undefined) return send(file, request, reply);
    const isPage = path === "/" || (wantsPage(request) && !/^\/(api|assets)(\/|$)/.test(path));
    if (!isPage) return reply.callNotFound();
    const page = files.get("/index.html");
    if (page !== undefined) return send(page, request, reply);
    return reply
      .code(503)
      .headers({ ...SECURITY_HEADERS, "cache-control": "no-store" })
      .type("text/html; charset=utf-8")
      .send(NOT_BUILT);
  });
}

import { PROBLEM_STATUS, type ProblemType } from "@agent-learning/contract";
import { fastify } from "fastify";
import { describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { createErrorHandler, toProblemError } from "./error-handler.ts";
import { notFound, ProblemError } from "./problem-error.ts";

const sqlState = (code: string): Error => Object.assign(new Error(`secret of ${code}`), { code });
const fastifyError = (statusCode: number): Error =>
  Object.assign(new Error("from fastify"), { statusCode, code: "FST_ERR" });

describe("toProblemError", () => {
  it.each<[string, unknown, ProblemType]>([
    ["a verb's own", notFound("agent", "x", "path.agentId"), "not-found"],
    ["connection refused", sqlState("ECONNREFUSED"), "unavailable"],
    ["connection lost", sqlState("08006"), "unavailable"],
    ["shutdown", sqlState("57P01"), "unavailable"],
    ["statement timeout", sqlState("57014"), "unavailable"],
    ["disk full", sqlState("53100"), "unavailable"],
    ["read-only", sqlState("25006"), "unavailable"],
    ["serialization failure", sqlState("40001"), "unavailable"],
    ["deadlock", sqlState("40P01"), "unavailable"],
    ["lock not available", sqlState("55P03"), "unavailable"],
    ["number out of range", sqlState("22003"), "unprocessable"],
    ["invalid text", sqlState("22021"), "unprocessable"],
    ["unique violation", sqlState("23505"), "conflict"],
    ["frozen row", sqlState("23001"), "conflict"],
    ["foreign key", sqlState("23503"), "unprocessable"],
    ["check", sqlState("23514"), "unprocessable"],
    ["not null", sqlState("23502"), "unprocessable"],
    ["body too large", fastifyError(413), "payload-too-large"],
    ["other media type", fastifyError(415), "unsupported-media-type"],
    ["bad request", fastifyError(400), "malformed-request"],
    ["URL too long", fastifyError(414), "malformed-request"],
    ["headers too large", fastifyError(431), "malformed-request"],
    ["a wrapped one", new Error("outer", { cause: sqlState("57P01") }), "unavailable"],
    ["row-level security", sqlState("42501"), "internal-error"],
    ["a syntax error of ours", sqlState("42601"), "internal-error"],
    ["a bug", new TypeError("x is not a function"), "internal-error"],
    ["a thrown string", "oops", "internal-error"],
    ["nothing", undefined, "internal-error"],
  ])("makes of %s the problem that it deserves", (_what, error, type) => {
    const problem = toProblemError(error);
    expect(problem.type).toBe(type);
    expect(problem.status).toBe(PROBLEM_STATUS[type]);
    expect(problem.message).not.toContain("secret of");
    expect(problem.message.length).toBeGreaterThan(20);
    expect((problem.retryAfterSeconds ?? 0) > 0).toBe(type === "unavailable");
  });
});

describe("createErrorHandler", () => {
  async function answer(error: unknown): Promise<{
    status: number;
    headers: Record<string, unknown>;
    body: Record<string, unknown>;
    lines: Record<string, unknown>[];
  }> {
    const lines: Record<string, unknown>[] = [];
    const log = createLog("debug", (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
    const server = fastify();
    server.setErrorHandler(createErrorHandler(log));
    server.get("/", async (_request, reply) => {
      void reply.header("ratelimit-limit", "1").type("text/plain");
      throw error as Error;
    });
    const response = await server.inject("/");
    await server.close();
    return {
      status: response.statusCode,
      headers: response.headers,
      body: JSON.parse(response.body) as Record<string, unknown>,
      lines,
    };
  }

  it("sends problem details with the request's id", async () => {
    const { status, headers, body, lines } = await answer(notFound("agent", "x", "path.agentId"));
    expect(status).toBe(404);
    expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(headers["retry-after"]).toBeUndefined();
    expect(body).toEqual({
      type: "urn:agent-learning:problem:not-found",
      title: "Not found",
      status: 404,
      detail: expect.stringContaining('no agent "x"') as string,
      errors: [{ path: "path.agentId", message: "no such agent" }],
      instance: expect.stringMatching(/^urn:agent-learning:request:/) as string,
    });
    expect(lines).toEqual([]);
  });

  it("keeps headers that were set, and says when to try again", async () => {
    const { headers } = await answer(new ProblemError("rate-limited", "wait", { retryAfterSeconds: 7 }));
    expect(headers).toMatchObject({ "retry-after": "7", "ratelimit-limit": "1" });
  });

  it("logs a bug with its cause, and tells the caller nothing of it", async () => {
    const { status, body, lines } = await answer(new TypeError("secret detail"));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "error", message: "request failed", route: "/" });
    expect(JSON.stringify(lines[0])).toContain("secret detail");
  });

  it("warns where the database is away or refuses a row", async () => {
    expect((await answer(sqlState("57P01"))).lines[0]?.level).toBe("warn");
    expect((await answer(sqlState("23503"))).lines[0]?.level).toBe("warn");
  });
});

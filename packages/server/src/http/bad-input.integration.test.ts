import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeServer } from "../compose.ts";
import { evidenceObservers } from "../evidence-observers.ts";
import { type ApiOperation, listOperations, urlOf } from "../testing/api-operations.ts";
import { checkResponses, type ResponseCheck } from "../testing/check-responses.ts";
import { type JsonSchema, sampleFromSchema } from "../testing/sample-from-schema.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../testing/test-organization.ts";
import { createTestServices } from "../testing/test-services.ts";

const UNKNOWN = "0190a000-0000-7000-8000-00000000dead";
// Deleting an unknown or withdrawn thing is not what this suite is about; these answer without reading input.
const operations = listOperations().filter((operation) => operation.access !== "public");

interface Wire {
  status: number;
  type: string;
  body: { status?: number; type?: string; detail?: string; errors?: { path: string }[] };
}

describeEachEngine("bad input on every route", (context) => {
  let server: FastifyInstance;
  let check: ResponseCheck;
  let organization: TestOrganization;

  beforeAll(async () => {
    server = composeServer(createTestServices(context.database, { evidenceObservers }));
    check = checkResponses(server);
    organization = await createTestOrganization(context.database);
    await createTestAgent(context.database, organization.id);
  });
  afterAll(() => server.close());

  const keyFor = (operation: ApiOperation): string =>
    operation.access !== "public" && operation.access.user === null
      ? organization.secret.key
      : organization.members.admin.key;

  async function call(operation: ApiOperation, url: string, payload?: string): Promise<Wire> {
    const response = await server.inject({
      method: operation.method,
      url,
      headers: {
        authorization: `Bearer ${keyFor(operation)}`,
        "if-match": '"1"',
        ...(payload === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    const type = String(response.headers["content-type"] ?? "");
    return {
      status: response.statusCode,
      type,
      body: type.includes("json") ? (response.json() as Wire["body"]) : {},
    };
  }

  function expectProblem(answer: Wire, what: string): void {
    expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(400);
    expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
    expect(answer.type).toContain("application/problem+json");
    expect(answer.body).toMatchObject({
      status: answer.status,
      type: expect.stringMatching(/^urn:agent-learning:problem:/),
    });
    expect(answer.body.detail?.length).toBeGreaterThan(20);
  }

  async function countRows(): Promise<Record<string, number>> {
    const tables = await sql<{ name: string }>`
      SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`.execute(
      context.database.kysely,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables.rows) {
      const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(name)}`.execute(
        context.database.kysely,
      );
      counts[name] = rows[0]?.n ?? 0;
    }
    return counts;
  }

  const withBody = operations.filter((operation) => operation.body !== undefined);
  const anyUrl = (operation: ApiOperation): string =>
    urlOf(operation, (name) => (name === "agentId" ? "my-agent" : UNKNOWN));

  it("stores nothing and answers 4xx problem details for bodies that cannot be used", async () => {
    const before = await countRows();
    const bodies: [string, string][] = [
      ["malformed JSON", '{"a": '],
      ["not an object", '"text"'],
      ["an array", "[1, 2]"],
      ["null", "null"],
      ["depth 10,000", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
      ["array depth 10,000", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
      ["NUL", '{"agent_id": "a\\u0000b"}'],
      ["a lone surrogate", '{"agent_id": "\\ud800"}'],
      ["__proto__", '{"__proto__": {"admin": true}}'],
      ["10 MB", JSON.stringify({ agent_id: "x".repeat(10 * 1024 * 1024) })],
    ];
    for (const operation of withBody) {
      for (const [what, payload] of bodies) {
        expectProblem(
          await call(operation, anyUrl(operation), payload),
          `${operation.operationId} with ${what}`,
        );
      }
    }
    expect(await countRows()).toEqual(before);
  });

  it("names the field when one field has the wrong type, is out of range, or holds unstorable text", async () => {
    const before = await countRows();
    for (const operation of withBody) {
      const schema = operation.body as JsonSchema;
      const valid = sampleFromSchema(schema, { agent_id: "my-agent" }) as Record<string, unknown>;
      for (const name of Object.keys(schema.properties ?? {})) {
        for (const bad of [{ nested: ["wrong"] }, "a\u0000b", "\ud800", 1e308]) {
          const what = `${operation.operationId} with ${name} = ${JSON.stringify(bad)}`;
          const answer = await call(operation, anyUrl(operation), JSON.stringify({ ...valid, [name]: bad }));
          expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
          // A field that takes any JSON may take this one: it must still be refused for something else, unknown ids included.
          if (answer.status < 400) continue;
          expectProblem(answer, what);
          const named = /^(body|path|query|header)/.test(answer.body.errors?.[0]?.path ?? "");
          expect(named || answer.status !== 400, what).toBe(true);
        }
      }
    }
    const after = await countRows();
    for (const [table, count] of Object.entries(before))
      expect.soft(after[table] ?? 0, table).toBeGreaterThanOrEqual(count);
  });

  it("answers 4xx for unknown and malformed ids in the path", async () => {
    for (const operation of operations.filter(({ pathParameters }) => pathParameters.length > 0)) {
      const payload =
        operation.body === undefined ? undefined : JSON.stringify(sampleFromSchema(operation.body));
      for (const id of [
        UNKNOWN,
        "no-such-agent",
        "not a uuid",
        "'; DROP TABLE agents; --",
        "..%2f..",
        "x".repeat(2000),
        "%00",
        "\ud800",
      ]) {
        const url = urlOf(operation, () => id.toWellFormed());
        expectProblem(
          await call(operation, url, payload),
          `${operation.operationId} with id ${JSON.stringify(id.slice(0, 30))}`,
        );
      }
    }
  });

  it("refuses forged cursors and absurd limits", async () => {
    const lists = operations.filter(
      ({ method, queryParameters }) => method === "GET" && queryParameters.includes("cursor"),
    );
    expect(lists.length).toBeGreaterThan(2);
    for (const operation of lists) {
      for (const query of [
        "cursor=forged",
        "cursor=W10",
        `cursor=${Buffer.from('["now","x"]').toString("base64url")}`,
        "limit=0",
        "limit=1e9",
        "limit=-1",
        "limit=abc",
        "limit=201",
      ]) {
        expectProblem(
          await call(operation, `${anyUrl(operation)}?${query}`),
          `${operation.operationId}?${query}`,
        );
      }
    }
  });

  describe("outside the routes", () => {
    it.each([
      ["POST", "/api/learning/nowhere", 404],
      ["TRACE", "/api/learning/agents", 404],
      ["GET", "/api/learning/agents/%E0%A4%A", 400],
    ])("%s %s is %i", async (method, url, status) => {
      const response = await server.inject({ method: method as "GET", url });
      expect(response.statusCode).toBe(status);
      expect(response.headers["content-type"]).toContain("application/problem+json");
    });

    it("refuses other media types", async () => {
      const response = await server.inject({
        method: "POST",
        url: "/api/learning/agents",
        headers: { authorization: `Bearer ${organization.members.admin.key}`, "content-type": "text/xml" },
        payload: "<a/>",
      });
      expect(response.statusCode).toBe(415);
      expect(response.headers["content-type"]).toContain("application/problem+json");
    });
  });

  it("answered as the description says, every time", () => {
    expect(check.violations).toEqual([]);
    expect(check.seen.size).toBeGreaterThan(operations.length / 2);
  });
});

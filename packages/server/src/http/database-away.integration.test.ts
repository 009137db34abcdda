import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { connectDatabase, type DatabaseConnection, isDatabaseAway, withTenant } from "../database/index.ts";
import { type ApiOperation, listOperations, urlOf } from "../testing/api-operations.ts";
import { type FaultyLink, startFaultyLink } from "../testing/faulty-link.ts";
import { sampleFromSchema } from "../testing/sample-from-schema.ts";
import { createTestApi, type TestApi } from "../testing/test-api.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../testing/test-organization.ts";

const UNKNOWN = "0190a000-0000-7000-8000-00000000dead";
const STATEMENT_MILLISECONDS = 3_000;

// Through a link of its own, so that no other suite's connections are cut. PGlite lives in the process and cannot go away.
describe.skipIf(inject("postgresUrl") === null)("a database that is away", () => {
  let testDatabase: TestDatabase;
  let link: FaultyLink;
  let database: DatabaseConnection;
  let api: TestApi;
  let organization: TestOrganization;

  beforeAll(async () => {
    testDatabase = await createTestDatabase("postgresql");
    link = await startFaultyLink(testDatabase.options.databaseUrl ?? "");
    database = await connectDatabase({
      databaseUrl: link.url,
      dataDirectory: "",
      poolSize: 4,
      statementMilliseconds: STATEMENT_MILLISECONDS,
    });
    api = createTestApi(database);
    organization = await createTestOrganization(database);
    await createTestAgent(database, organization.id);
  });
  afterAll(async () => {
    await link?.restore();
    await api?.close();
    await database?.close();
    await link?.stop();
    await testDatabase?.drop();
  });

  async function call(
    operation: ApiOperation,
    key: string,
  ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
    const payload =
      operation.body === undefined
        ? undefined
        : JSON.stringify(sampleFromSchema(operation.body, { agent_id: "my-agent" }));
    const response = await api.server.inject({
      method: operation.method,
      url: urlOf(operation, (name) => (name === "agentId" ? "my-agent" : UNKNOWN)),
      headers: {
        "if-match": '"1"',
        authorization: `Bearer ${key}`,
        ...(payload === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.body };
  }
  const keyFor = (operation: ApiOperation): string =>
    operation.access !== "public" && operation.access.user === null
      ? organization.secret.key
      : organization.members.admin.key;
  const seconds = (since: number): number => (performance.now() - since) / 1000;
  const listAgents = async (): Promise<number> => (await api.call(organization, "GET", "/agents")).status;

  async function untilItAnswers(): Promise<number> {
    const since = performance.now();
    while ((await listAgents()) !== 200) await sleep(20);
    return seconds(since);
  }

  it("is 503 with Retry-After on every route, while liveness and the description answer", async () => {
    const guarded = listOperations().filter(({ access }) => access !== "public");
    // Known keys get past authentication, so that every route meets the missing database by itself.
    await listAgents();
    await api.call(organization, "GET", "/agents", { as: "secret" });
    await link.cut();
    const reached: string[] = [];
    for (const operation of guarded) {
      const { status, headers, body } = await call(operation, keyFor(operation));
      const what = `${operation.operationId}: ${status} ${body.slice(0, 200)}`;
      expect([400, 503], what).toContain(status);
      expect(headers["content-type"], what).toContain("application/problem+json");
      if (status === 503) reached.push(operation.operationId);
      expect(status === 503, what).toBe(headers["retry-after"] !== undefined);
    }
    // A sample made from the schema alone is not always taken; it is for nearly every route.
    expect(reached.length).toBeGreaterThan(guarded.length * 0.8);
    const stranger = await call(
      guarded[0] as ApiOperation,
      "als_sk_a-key-that-this-process-has-not-seen-yet",
    );
    expect(stranger.status).toBe(503);
    for (const [url, status] of [
      ["/health", 200],
      ["/openapi.json", 200],
      ["/metrics", 200],
      ["/ready", 503],
    ] as const) {
      expect((await api.server.inject(url)).statusCode, url).toBe(status);
    }
    await link.restore();
    expect(await untilItAnswers()).toBeLessThan(5);
    expect((await api.server.inject("/ready")).statusCode).toBe(200);
  });

  it("loses and doubles nothing that was acknowledged while connections break", async () => {
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    const ending = new AbortController();
    const client = async (name: string): Promise<void> => {
      for (let n = 0; !ending.signal.aborted; n += 1) {
        const id = `${name}-${n}`;
        const body = { agent_id: "my-agent", execution_id: id, input_text: "question", status: "succeeded" };
        const answer = await api.call(organization, "POST", "/executions", { as: "secret", body });
        statuses.add(answer.status);
        if (answer.status === 201) acknowledged.push(id);
        else await sleep(10);
      }
    };
    const clients = Promise.all(["a", "b", "c", "d"].map(client));
    for (let round = 0; round < 4; round += 1) {
      await sleep(150);
      await link.cut();
      await sleep(100);
      await link.restore();
    }
    await sleep(300);
    ending.abort();
    await clients;
    expect([...statuses].sort()).toEqual([201, 503]);
    expect(acknowledged.length).toBeGreaterThan(20);
    const { rows } = await sql<{ external_id: string; n: number }>`SELECT external_id, count(*) AS n
      FROM agent_executions GROUP BY external_id`.execute(database.kysely);
    expect(rows.every(({ n }) => n === 1)).toBe(true);
    const stored = new Set(rows.map((row) => row.external_id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  });

  it("frozen, keeps no request for ever, and the pool is whole when it thaws", async () => {
    await untilItAnswers();
    link.freeze();
    const since = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const status = await listAgents();
        return { status, seconds: seconds(since) };
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(Math.max(...answers.map((answer) => answer.seconds))).toBeLessThan(12);
    const health = performance.now();
    expect((await api.server.inject("/health")).statusCode).toBe(200);
    expect(seconds(health)).toBeLessThan(1);
    await link.restore();
    expect(await untilItAnswers()).toBeLessThan(5);
    // More at once than the pool has connections: none of them may be one that still waits for an old answer.
    const after = await Promise.all(Array.from({ length: 12 }, listAgents));
    expect(new Set(after)).toEqual(new Set([200]));
  });

  it("frozen in the middle of a transaction, is given up after the statement's time, once", async () => {
    const since = performance.now();
    const error: unknown = await withTenant(database.kysely, organization.id, async (tx) => {
      await sql`SELECT 1`.execute(tx);
      link.freeze();
      await sql`SELECT 1`.execute(tx);
    }).then(
      () => undefined,
      (problem: unknown) => problem,
    );
    expect(isDatabaseAway(error)).toBe(true);
    // Statement and grace; the rollback adds nothing.
    expect(seconds(since)).toBeLessThan(STATEMENT_MILLISECONDS / 1000 + 2 + 2);
    await link.restore();
    expect(await untilItAnswers()).toBeLessThan(5);
  });

  it("slow, ends the statement and keeps the connection", async () => {
    const since = performance.now();
    const error: unknown = await withTenant(database.kysely, organization.id, (tx) =>
      sql`SELECT pg_sleep(20)`.execute(tx),
    ).then(
      () => undefined,
      (problem: unknown) => problem,
    );
    expect(isDatabaseAway(error)).toBe(true);
    expect(seconds(since)).toBeLessThan(STATEMENT_MILLISECONDS / 1000 + 1.5);
    expect(await listAgents()).toBe(200);
  });
});

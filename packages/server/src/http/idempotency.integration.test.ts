import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSystem } from "../database/index.ts";
import { type ApiAnswer, createTestApi, type TestApi } from "../testing/test-api.ts";
import { describeEachEngine, setClock } from "../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../testing/test-organization.ts";
import { forgetIdempotencyKeys } from "./forget-idempotency-keys.ts";

interface Agent {
  id: string;
  slug: string;
}

describeEachEngine("Idempotency-Key", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(async () => {
    api = createTestApi(context.database);
    organization = await createTestOrganization(context.database);
  });
  afterAll(() => api.close());

  const create = (key: string, slug: string, by: TestOrganization = organization) =>
    api.call<Agent>(by, "POST", "/agents", { body: { slug }, headers: { "idempotency-key": key } });

  /** Sends until the same call of another request has been answered, as a client does. */
  async function createAtLast(key: string, slug: string): Promise<ApiAnswer<Agent>> {
    for (;;) {
      const answer = await create(key, slug);
      if (answer.status !== 409 || answer.headers["retry-after"] === undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("gives the first answer again, headers included, and says so", async () => {
    const first = await create("again", "again");
    const second = await create("again", "again");
    expect(first.headers["idempotent-replayed"]).toBeUndefined();
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect([second.status, second.body, second.headers.etag]).toEqual([201, first.body, '"1"']);
  });

  it("does the work once for ten at the same time, and in any order with others", async () => {
    const calls = ["one", "two", "three"].flatMap((name) => Array<string>(10).fill(`at-once-${name}`));
    const shuffled = calls.map((name, index) => ({ name, order: (index * 7) % 30 }));
    shuffled.sort((a, b) => a.order - b.order);
    const answers = await Promise.all(shuffled.map(({ name }) => createAtLast(name, name)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    for (const name of new Set(calls)) {
      const own = answers.filter(({ body }) => body.slug === name);
      expect(own).toHaveLength(10);
      expect(new Set(own.map(({ body }) => body.id)).size).toBe(1);
      expect(own.filter(({ headers }) => headers["idempotent-replayed"] === undefined)).toHaveLength(1);
    }
    const records = await withSystem(context.database.kysely, (tx) =>
      sql<{ n: number }>`SELECT count(*) AS n FROM audit_log WHERE organization_id = ${organization.id}
        AND data->>'slug' LIKE 'at-once-%'`.execute(tx),
    );
    expect(records.rows[0]?.n).toBe(3);
  });

  it("is 422 for another payload or another route, and changes nothing", async () => {
    await create("reused", "first");
    for (const again of [
      await create("reused", "second"),
      await api.call(organization, "POST", "/members", {
        body: { display_name: "x", role: "viewer" },
        headers: { "idempotency-key": "reused" },
      }),
    ]) {
      expect(again.status).toBe(422);
      expect(again.body).toMatchObject({ errors: [{ path: "header.idempotency-key" }] });
    }
    expect((await api.call(organization, "GET", "/agents/second")).status).toBe(404);
  });

  it("keeps no refusal: what was corrected can be sent under the same key", async () => {
    await create("other", "conflicting");
    expect((await create("refused", "conflicting")).status).toBe(409);
    expect((await create("refused", "not-conflicting")).status).toBe(201);
  });

  it("belongs to the organization", async () => {
    const other = await createTestOrganization(context.database);
    const own = await create("shared", "shared");
    const foreign = await create("shared", "shared", other);
    expect(foreign.status).toBe(201);
    expect(foreign.headers["idempotent-replayed"]).toBeUndefined();
    expect(foreign.body.id).not.toBe(own.body.id);
  });

  it("is refused when it cannot be used, and ignored by what changes nothing", async () => {
    expect((await create("a b", "never")).status).toBe(400);
    const read = await api.call(organization, "GET", "/agents", { headers: { "idempotency-key": "a b" } });
    expect(read.status).toBe(200);
  });

  it("is forgotten after a week, and not before", async () => {
    const known = async (): Promise<boolean> =>
      (await create("old", "old")).headers["idempotent-replayed"] === "true";
    await create("old", "old");
    await setClock(context.database, "6 days 23 hours");
    await forgetIdempotencyKeys.sweep(api.services, organization.id);
    expect(await known()).toBe(true);
    await setClock(context.database, "7 days 1 hour");
    await forgetIdempotencyKeys.sweep(api.services, organization.id);
    expect((await create("old", "old")).status).toBe(409);
    await setClock(context.database, "0");
  });

  // PGlite has one session: while one call is worked on, another waits for its turn and then gets the first answer.
  if (context.engine === "pglite") return;
  it("is 409 with a time to wait while the same call is worked on, then the first answer", async () => {
    const name = `${organization.id}:held`;
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const other = withSystem(context.database.kysely, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
      held.resolve();
      await release;
    });
    await held.promise;
    const during = await create("held", "held");
    expect(during).toMatchObject({ status: 409, headers: { "retry-after": "1" } });
    expect(during.body).toMatchObject({ type: "urn:agent-learning:problem:in-flight" });
    resolve();
    await other;
    expect((await create("held", "held")).status).toBe(201);
  });
});

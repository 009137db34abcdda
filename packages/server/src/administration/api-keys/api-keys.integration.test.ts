import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";

interface Created {
  id: string;
  key: string;
  display_prefix: string;
}

describeEachEngine("API keys", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(async () => {
    api = createTestApi(context.database);
    organization = await createTestOrganization(context.database);
  });
  afterAll(() => api.close());

  const create = (body: object, headers: Record<string, string> = {}) =>
    api.call<Created>(organization, "POST", "/api-keys", { body, headers });
  const statusWith = async (key: string): Promise<number> => {
    const response = await api.server.inject({
      url: "/api/learning/agents",
      headers: { authorization: `Bearer ${key}` },
    });
    return response.statusCode;
  };

  it("are shown once, and stored as a hash", async () => {
    const { status, body, headers } = await create({ kind: "secret", name: "server" });
    expect(status).toBe(201);
    expect(headers["cache-control"]).toBe("no-store");
    expect(body.key).toMatch(/^als_sk_[\w-]{43}[0-9a-f]{8}$/);
    expect(body.key.startsWith(body.display_prefix)).toBe(true);
    expect(body.display_prefix).toHaveLength(12);
    expect(await statusWith(body.key)).toBe(200);
    const list = await api.call(organization, "GET", "/api-keys?limit=200");
    expect(JSON.stringify(list.body)).toContain(body.id);
    expect(JSON.stringify(list.body)).not.toContain(body.key.slice(12));
    const stored = await withSystem(context.database.kysely, (tx) =>
      sql<{ row: string }>`SELECT to_jsonb(k)::text AS row FROM api_keys k WHERE id = ${body.id}`.execute(tx),
    );
    expect(stored.rows[0]?.row).not.toContain(body.key.slice(12));
  });

  it("are not kept by an Idempotency-Key either", async () => {
    const headers = { "idempotency-key": "make-a-key" };
    const first = await create({ kind: "secret", name: "a" }, headers);
    const second = await create({ kind: "secret", name: "a" }, headers);
    expect(second.body.id).not.toBe(first.body.id);
    const kept = await withSystem(context.database.kysely, (tx) =>
      sql`SELECT 1 FROM idempotency_keys WHERE key = 'make-a-key'`.execute(tx),
    );
    expect(kept.rows).toEqual([]);
  });

  it("stop working the moment they are revoked, and stay in the list", async () => {
    const { body } = await create({ kind: "secret", name: "leaked" });
    expect(await statusWith(body.key)).toBe(200);
    const revoked = await api.call<{ revoked_at: string }>(organization, "DELETE", `/api-keys/${body.id}`);
    expect(revoked.status).toBe(200);
    expect(await statusWith(body.key)).toBe(401);
    const again = await api.call<{ revoked_at: string }>(organization, "DELETE", `/api-keys/${body.id}`);
    expect(again.body.revoked_at).toBe(revoked.body.revoked_at);
  });

  it("are not let in by a request that looked them up while they were being revoked", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { body } = await create({ kind: "secret", name: "raced" });
      const before = Array.from({ length: 8 }, () => statusWith(body.key));
      await api.call(organization, "DELETE", `/api-keys/${body.id}`);
      expect(await statusWith(body.key)).toBe(401);
      await Promise.all(before);
      expect(await statusWith(body.key)).toBe(401);
    }
  });

  it("expire by the database's time", async () => {
    const { body } = await create({
      kind: "secret",
      name: "short-lived",
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(await statusWith(body.key)).toBe(200);
    await setClock(context.database, "2 hours");
    // What this process remembers of a key is ten seconds old at most.
    api.services.keys.forget();
    expect(await statusWith(body.key)).toBe(401);
    await setClock(context.database, "0");
    api.services.keys.forget();
    expect(await statusWith(body.key)).toBe(200);
  });

  it("of a person need that person, and of a machine have none", async () => {
    const { viewer } = organization.members;
    const own = await create({ kind: "user", name: "mine", user_id: viewer.id });
    expect(own.status).toBe(201);
    expect(await statusWith(own.body.key)).toBe(200);
    expect((await create({ kind: "user", name: "nobody's" })).status).toBe(400);
    expect((await create({ kind: "secret", name: "somebody's", user_id: viewer.id })).status).toBe(400);
    const other = await createTestOrganization(context.database);
    for (const userId of [other.members.viewer.id, organization.endUserId]) {
      const { status, body } = await create({ kind: "user", name: "x", user_id: userId });
      expect(status).toBe(422);
      expect(body).toMatchObject({ errors: [{ path: "body.user_id" }] });
    }
  });

  it("remember when they were used last", async () => {
    const { body } = await create({ kind: "secret", name: "used" });
    const lastUse = async (): Promise<string | null> => {
      const list = await api.call<{ data: { id: string; last_used_at: string | null }[] }>(
        organization,
        "GET",
        "/api-keys?limit=200",
      );
      return list.body.data.find(({ id }) => id === body.id)?.last_used_at ?? null;
    };
    expect(await lastUse()).toBeNull();
    await statusWith(body.key);
    expect(await lastUse()).not.toBeNull();
  });
});

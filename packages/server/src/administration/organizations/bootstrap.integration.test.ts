import { afterAll, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { createTestApi } from "../../testing/test-api.ts";
import { createTestDatabase, describeEachEngine } from "../../testing/test-database.ts";
import { generateKey, isWellFormedKey } from "../api-keys/key-format.ts";
import { bootstrap, type BootstrapResult, FIRST_AGENT } from "./bootstrap.ts";

// The tests of a suite share its database, so that they are the starts of one server, in order.
describeEachEngine("bootstrap", (context) => {
  const api = () => createTestApi(context.database);
  const opened: ReturnType<typeof api>[] = [];
  afterAll(async () => {
    for (const one of opened) await one.close();
  });
  const statusOf = async (key: string, path = "/agents/my-agent"): Promise<number> => {
    const one = api();
    opened.push(one);
    const response = await one.server.inject({
      url: `/api/learning${path}`,
      headers: { authorization: `Bearer ${key}` },
    });
    return response.statusCode;
  };
  const count = async (table: "organizations" | "agents" | "memberships" | "api_keys"): Promise<number> =>
    withSystem(
      context.database.kysely,
      async (tx) =>
        (await tx.selectFrom(table).select(tx.fn.countAll<number>().as("n")).execute())[0]?.n ?? 0,
    );
  const given = generateKey("user");
  let first: BootstrapResult;

  it("makes one organization, one admin, one key and my-agent, however many start at once", async () => {
    const results = await Promise.all(
      Array.from({ length: 4 }, () => bootstrap(context.database, undefined)),
    );
    const generated = results.filter(({ generatedKey }) => generatedKey !== undefined);
    expect(generated).toHaveLength(1);
    expect(new Set(results.map(({ organizationId }) => organizationId)).size).toBe(1);
    first = generated[0] as BootstrapResult;
    expect(isWellFormedKey(first.generatedKey ?? "")).toBe(true);
    expect([await count("organizations"), await count("agents"), await count("memberships")]).toEqual([
      1, 1, 1,
    ]);
    expect(await count("api_keys")).toBe(1);
    expect(FIRST_AGENT).toBe("my-agent");
    expect(await statusOf(first.generatedKey ?? "")).toBe(200);
    expect(await statusOf(first.generatedKey ?? "", "/api-keys")).toBe(200);
  });

  it("makes nothing at the next start, and shows no key again", async () => {
    expect(await bootstrap(context.database, undefined)).toEqual({
      organizationId: first.organizationId,
      generatedKey: undefined,
    });
    expect([await count("organizations"), await count("agents"), await count("api_keys")]).toEqual([1, 1, 1]);
  });

  it("gives the admin the key of LEARNING_ADMIN_KEY, once", async () => {
    for (let start = 0; start < 2; start += 1) {
      const result = await bootstrap(context.database, given);
      expect(result.generatedKey).toBeUndefined();
    }
    expect(await count("api_keys")).toBe(2);
    expect(await statusOf(given)).toBe(200);
    expect(await statusOf(first.generatedKey ?? "")).toBe(200);
  });

  it("does not bring a revoked key back", async () => {
    const one = api();
    opened.push(one);
    const headers = { authorization: `Bearer ${given}` };
    const list = await one.server.inject({ url: "/api/learning/api-keys", headers });
    const keys = list.json<{ data: { id: string; name: string }[] }>().data;
    const id = keys.find(({ name }) => name === "LEARNING_ADMIN_KEY")?.id ?? "";
    const revoked = await one.server.inject({
      method: "DELETE",
      url: `/api/learning/api-keys/${id}`,
      headers,
    });
    expect(revoked.statusCode).toBe(200);
    await bootstrap(context.database, given);
    expect(await statusOf(given)).toBe(401);
  });

  it("takes a key of any form at a first start, and shows nothing of it", async () => {
    const fresh = await createTestDatabase(context.engine);
    const database = await fresh.connect();
    try {
      const key = "a-passphrase-of-enough-length";
      expect((await bootstrap(database, key)).generatedKey).toBeUndefined();
      const one = createTestApi(database);
      const response = await one.server.inject({
        url: "/api/learning/api-keys",
        headers: { authorization: `Bearer ${key}` },
      });
      expect(response.statusCode).toBe(200);
      expect(response.body).not.toContain("passphrase");
      await one.close();
    } finally {
      await database.close();
      await fresh.drop();
    }
  });
});

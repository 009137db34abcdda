import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";

interface Audit {
  data: { sequence: number; action: string; entity_type: string; actor_kind: string; actor_id: string }[];
  next_cursor: string | null;
}
interface Verification {
  records: number;
  intact: boolean;
  broken_at: number | null;
}

describeEachEngine("audit log", (context) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(context.database);
  });
  afterAll(() => api.close());

  async function withRecords(count: number): Promise<TestOrganization> {
    const organization = await createTestOrganization(context.database);
    for (let n = 0; n < count; n += 1) {
      const as = n % 2 === 0 ? "admin" : "secret";
      await api.call(organization, "POST", "/agents", { as, body: { slug: `agent-${n}` } });
    }
    return organization;
  }
  const verify = async (organization: TestOrganization): Promise<Verification> =>
    (await api.call<Verification>(organization, "GET", "/audit/verification", { as: "reviewer" })).body;
  const tamper = (statement: ReturnType<typeof sql>): Promise<unknown> =>
    withSystem(context.database.kysely, (tx) => statement.execute(tx));

  it("is listed newest first, page by page, with who did it", async () => {
    const organization = await withRecords(5);
    const seen: Audit["data"] = [];
    let cursor = "";
    do {
      const { body } = await api.call<Audit>(organization, "GET", `/audit?limit=2${cursor}`, {
        as: "reviewer",
      });
      seen.push(...body.data);
      cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
    } while (cursor !== "");
    expect(seen.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1]);
    expect(seen[0]).toMatchObject({ actor_kind: "user", actor_id: organization.members.admin.id });
    expect(seen[1]).toMatchObject({ actor_kind: "machine", actor_id: organization.secret.id });
  });

  it("is filtered by what it is about, and refuses forged cursors", async () => {
    const organization = await withRecords(2);
    await api.call(organization, "PATCH", "/organization", { body: { name: "New name" } });
    const about = async (query: string): Promise<string[]> =>
      (await api.call<Audit>(organization, "GET", `/audit?${query}`)).body.data.map(({ action }) => action);
    expect(await about("entity_type=organization")).toEqual(["organization.updated"]);
    expect(await about(`entity_id=${organization.id}`)).toEqual(["organization.updated"]);
    expect(await about("entity_type=agent")).toEqual(["agent.created", "agent.created"]);
    expect(await about("entity_type=nothing")).toEqual([]);
    for (const cursor of ["abc", "-1", "1.5", "9".repeat(20)]) {
      expect((await api.call(organization, "GET", `/audit?cursor=${cursor}`)).status).toBe(400);
    }
  });

  it("is whole while nobody touches it, empty or not", async () => {
    expect(await verify(await createTestOrganization(context.database))).toEqual({
      records: 0,
      intact: true,
      broken_at: null,
    });
    expect(await verify(await withRecords(6))).toEqual({ records: 6, intact: true, broken_at: null });
  });

  it("has one chain for many writers at once", async () => {
    const organization = await createTestOrganization(context.database);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.call(organization, "POST", "/agents", { body: { slug: `at-once-${n}` } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await verify(organization)).toEqual({ records: 20, intact: true, broken_at: null });
  });

  it("has no record of what was refused", async () => {
    const organization = await withRecords(1);
    await api.call(organization, "POST", "/agents", { body: { slug: "agent-0" } });
    await api.call(organization, "PATCH", "/agents/agent-0", {
      body: { name: "x" },
      headers: { "if-match": '"9"' },
    });
    expect((await verify(organization)).records).toBe(1);
  });

  it.each<[string, (id: string) => ReturnType<typeof sql>, number]>([
    [
      "a changed record",
      (id) =>
        sql`UPDATE audit_log SET data = '{"slug": "other"}' WHERE organization_id = ${id} AND sequence = 3`,
      3,
    ],
    [
      "a changed actor",
      (id) => sql`UPDATE audit_log SET actor_id = NULL WHERE organization_id = ${id} AND sequence = 2`,
      2,
    ],
    [
      "a moved time",
      (id) =>
        sql`UPDATE audit_log SET created_at = created_at + interval '1 second' WHERE organization_id = ${id} AND sequence = 1`,
      1,
    ],
    [
      "a missing record",
      (id) => sql`DELETE FROM audit_log WHERE organization_id = ${id} AND sequence = 2`,
      3,
    ],
    [
      "a missing last record",
      (id) => sql`DELETE FROM audit_log WHERE organization_id = ${id} AND sequence = 4`,
      4,
    ],
    ["a missing log", (id) => sql`DELETE FROM audit_log WHERE organization_id = ${id}`, 4],
    [
      "a record made over with its own hash",
      (id) => sql`UPDATE audit_log SET action = 'agent.nothing', hash = learning_audit_hash(previous_hash,
        organization_id, sequence, actor_kind, actor_id, 'agent.nothing', entity_type, entity_id, data, created_at)
        WHERE organization_id = ${id} AND sequence = 2`,
      3,
    ],
    [
      "a last record made over with its own hash",
      (id) => sql`UPDATE audit_log SET action = 'agent.nothing', hash = learning_audit_hash(previous_hash,
        organization_id, sequence, actor_kind, actor_id, 'agent.nothing', entity_type, entity_id, data, created_at)
        WHERE organization_id = ${id} AND sequence = 4`,
      4,
    ],
  ])("shows %s", async (_what, statement, brokenAt) => {
    const organization = await withRecords(4);
    await tamper(statement(organization.id));
    expect(await verify(organization)).toMatchObject({ intact: false, broken_at: brokenAt });
  });
});

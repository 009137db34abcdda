import { sql } from "kysely";
import { expect, it } from "vitest";
import { learningNow, withSystem, withTenant } from "../database/index.ts";
import { describeEachEngine, setClock } from "./test-database.ts";
import { createTestAgent, createTestOrganization } from "./test-organization.ts";
import { createTestContext, createTestServices, recordingJobQueue } from "./test-services.ts";

describeEachEngine("test database", (suite) => {
  it("has the migrated schema and the engine that its name says", async () => {
    expect(suite.database.raw.engine).toBe(suite.engine);
    const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM organizations`.execute(
      suite.database.kysely,
    );
    expect(rows[0]?.n).toBe(0);
  });

  it("makes organizations with a member and a key per role", async () => {
    const organization = await createTestOrganization(suite.database);
    const other = await createTestOrganization(suite.database);
    expect(other.id).not.toBe(organization.id);
    const found = await withTenant(suite.database.kysely, organization.id, (tx) =>
      tx
        .selectFrom("memberships")
        .innerJoin("api_keys", "api_keys.user_id", "memberships.user_id")
        .select(["role", "kind"])
        .orderBy("role")
        .execute(),
    );
    expect(found.map((row) => row.role)).toEqual(["admin", "annotator", "reviewer", "viewer"]);
  });

  it("makes keys that identify their owner", async () => {
    const organization = await createTestOrganization(suite.database);
    const { keys } = createTestServices(suite.database);
    const annotator = organization.members.annotator;
    expect(await keys.identify(annotator.key)).toEqual({
      organizationId: organization.id,
      actor: { kind: "user", userId: annotator.id, role: "annotator", keyId: annotator.keyId },
    });
    expect(await keys.identify(organization.secret.key)).toMatchObject({ actor: { keyKind: "secret" } });
    expect(await keys.identify(organization.publishable.key)).toMatchObject({
      actor: { keyKind: "publishable" },
    });
  });

  it("makes agents", async () => {
    const { id } = await createTestOrganization(suite.database);
    const agentId = await createTestAgent(suite.database, id, { config: { learningEnabled: true } });
    const agent = await withTenant(suite.database.kysely, id, (tx) =>
      tx.selectFrom("agents").selectAll().executeTakeFirstOrThrow(),
    );
    expect(agent).toMatchObject({ id: agentId, slug: "my-agent", config: { learningEnabled: true } });
  });

  it("moves learning_now and back", async () => {
    const before = await learningNow(suite.database.kysely);
    await setClock(suite.database, "24 hours");
    const later = await withSystem(suite.database.kysely, learningNow);
    await setClock(suite.database, "0");
    const after = await learningNow(suite.database.kysely);
    const day = 24 * 60 * 60 * 1000;
    expect(later.getTime() - before.getTime()).toBeGreaterThanOrEqual(day);
    expect(later.getTime() - after.getTime()).toBeLessThanOrEqual(day);
  });

  it("records jobs of committed transactions only", async () => {
    const organization = await createTestOrganization(suite.database);
    const jobs = recordingJobQueue();
    const services = createTestServices(suite.database, { jobs });
    const ctx = createTestContext(services, organization, "reviewer");
    await ctx.transact((inner) => jobs.enqueue(inner, "learn", { runId: "1" }));
    const undone = ctx.transact(async (inner) => {
      await jobs.enqueue(inner, "learn", { runId: "2" });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(jobs.enqueued).toEqual([
      { name: "learn", data: { runId: "1", organizationId: organization.id }, options: {} },
    ]);
  });
});

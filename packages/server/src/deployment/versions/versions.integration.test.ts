import type { AgentVersion, AgentVersionDifference, AgentVersionSummary } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVersion } from "../../administration/versions/index.ts";
import { withTenant } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestAgent, createTestOrganization } from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";

const prompt = (text: string): object => ({ components: { system_prompt: text } });

describeEachEngine("agent versions", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  const setUp = async () => {
    const organization = await createTestOrganization(suite.database);
    const agentId = await createTestAgent(suite.database, organization.id);
    return { organization, agentId, path: "/agents/my-agent/versions" };
  };

  it("numbers versions and gives an equal config its existing version", async () => {
    const { organization, agentId, path } = await setUp();
    const first = await api.call<AgentVersion>(organization, "POST", path, { body: { config: prompt("a") } });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      agent_id: agentId,
      number: 1,
      origin: "manual",
      parent_version_id: null,
      review_status: "not_required",
      created_by: organization.members.admin.id,
    });
    const second = await api.call<AgentVersion>(organization, "POST", path, {
      as: "secret",
      body: { config: prompt("b") },
    });
    expect(second.body).toMatchObject({ number: 2, created_by: null });
    // Spelled out defaults make the same config.
    const again = await api.call<AgentVersion>(organization, "POST", path, {
      body: { config: { playbook: [], ...prompt("a") } },
    });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect(again.body.content_hash).not.toBe(second.body.content_hash);
  });

  it("gives concurrent writers distinct numbers and equal configs one version", async () => {
    const { organization, agentId } = await setUp();
    const ctx = createTestContext(api.services, organization);
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ctx.transact((tenant) =>
          createVersion({
            ctx: tenant,
            input: {
              agentId,
              origin: "manual",
              parentVersionId: null,
              config: { ...prompt(String(index % 6)) } as never,
            },
          }),
        ),
      ),
    );
    expect(made.filter((one) => one.created)).toHaveLength(6);
    expect(new Set(made.map((one) => one.version.number))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  it("lists newest first, page by page, without config", async () => {
    const { organization, path } = await setUp();
    for (const text of ["a", "b", "c", "d", "e"]) {
      await api.call(organization, "POST", path, { body: { config: prompt(text) } });
    }
    const numbers: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const suffix: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await api.call<{ data: AgentVersionSummary[]; next_cursor: string | null }>(
        organization,
        "GET",
        `${path}?limit=2${suffix}`,
        { as: "viewer" },
      );
      expect(page.status).toBe(200);
      expect(page.body.data[0]).not.toHaveProperty("config");
      numbers.push(...page.body.data.map((version) => version.number));
      cursor = page.body.next_cursor;
    }
    expect(numbers).toEqual([5, 4, 3, 2, 1]);
  });

  it("shows one version and its difference from its parent and from another", async () => {
    const { organization, path } = await setUp();
    const a = await api.call<AgentVersion>(organization, "POST", path, { body: { config: prompt("a") } });
    const b = await api.call<AgentVersion>(organization, "POST", path, {
      body: { config: prompt("b"), parent_version_id: a.body.id },
    });
    const read = await api.call<AgentVersion>(organization, "GET", `${path}/${b.body.id}`, { as: "viewer" });
    expect(read.body).toEqual(b.body);
    expect(read.body.config.components).toEqual({ system_prompt: "b" });
    const diff = await api.call<AgentVersionDifference>(organization, "GET", `${path}/${b.body.id}/diff`);
    expect(diff.body).toMatchObject({
      from: { number: 1 },
      to: { number: 2 },
      identical: false,
      changed: [{ path: "components.system_prompt", before: "a", after: "b" }],
    });
    const orphan = await api.call(organization, "GET", `${path}/${a.body.id}/diff`);
    expect(orphan).toMatchObject({ status: 422, body: { errors: [{ path: "query.against" }] } });
    const back = await api.call<AgentVersionDifference>(
      organization,
      "GET",
      `${path}/${a.body.id}/diff?against=${b.body.id}`,
    );
    expect(back.body.changed).toEqual([{ path: "components.system_prompt", before: "b", after: "a" }]);
  });

  it("refuses a parent that is not the agent's", async () => {
    const { organization, path } = await setUp();
    const answer = await api.call(organization, "POST", path, {
      body: { config: prompt("a"), parent_version_id: newId() },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "body.parent_version_id" }] } });
  });

  it("keeps the config from being changed by the tenant role", async () => {
    const { organization, path } = await setUp();
    const made = await api.call<AgentVersion>(organization, "POST", path, { body: { config: prompt("a") } });
    const rewrite = withTenant(suite.database.kysely, organization.id, (tx) =>
      sql`UPDATE agent_versions SET config = '{}' WHERE id = ${made.body.id}`.execute(tx),
    );
    await expect(rewrite).rejects.toThrow(/permission denied/);
  });

  describe("review", () => {
    it("is done by a reviewer who did not make the version, and can be revised", async () => {
      const { organization, path } = await setUp();
      const a = await api.call<AgentVersion>(organization, "POST", path, { body: { config: prompt("a") } });
      const b = await api.call<AgentVersion>(organization, "POST", path, {
        body: { config: prompt("b"), parent_version_id: a.body.id },
      });
      expect(b.body.review_status).toBe("pending");
      const review = `${path}/${b.body.id}/review`;
      const own = await api.call(organization, "POST", review, { body: { decision: "approve" } });
      expect(own).toMatchObject({ status: 403, body: { type: expect.stringContaining("forbidden") } });
      const approved = await api.call<AgentVersionSummary>(organization, "POST", review, {
        as: "reviewer",
        body: { decision: "approve", notes: "fine" },
      });
      expect(approved).toMatchObject({
        status: 200,
        body: {
          review_status: "approved",
          reviewed_by: organization.members.reviewer.id,
          review_notes: "fine",
        },
      });
      const rejected = await api.call<AgentVersionSummary>(organization, "POST", review, {
        as: "reviewer",
        body: { decision: "reject" },
      });
      expect(rejected.body.review_status).toBe("rejected");
      const audited = await withTenant(suite.database.kysely, organization.id, (tx) =>
        tx
          .selectFrom("audit_log")
          .select("action")
          .where("entity_id", "=", b.body.id)
          .orderBy("sequence")
          .execute(),
      );
      expect(audited.map((row) => row.action)).toEqual([
        "agent_version.created",
        "agent_version.approved",
        "agent_version.rejected",
      ]);
    });

    it("is refused to whoever started the run that made the version", async () => {
      const { organization, agentId, path } = await setUp();
      const runId = newId();
      await withTenant(suite.database.kysely, organization.id, (tx) =>
        sql`INSERT INTO training_runs (organization_id, id, name, agent_id, training_type, config, created_by)
          VALUES (${organization.id}, ${runId}, 'run', ${agentId}, 'lora', '{}', ${organization.members.reviewer.id})`.execute(
          tx,
        ),
      );
      const { version } = await createTestContext(api.services, organization, "secret").transact((ctx) =>
        createVersion({
          ctx,
          input: {
            agentId,
            origin: "fine_tuning",
            parentVersionId: null,
            trainingRunId: runId,
            config: prompt("tuned") as never,
          },
        }),
      );
      expect(version.review_status).toBe("pending");
      const path1 = `${path}/${version.id}/review`;
      const own = await api.call(organization, "POST", path1, {
        as: "reviewer",
        body: { decision: "approve" },
      });
      expect(own.status).toBe(403);
      const another = await api.call(organization, "POST", path1, { body: { decision: "approve" } });
      expect(another.status).toBe(200);
    });

    it("takes no machine key and no annotator", async () => {
      const { organization, path } = await setUp();
      const made = await api.call<AgentVersion>(organization, "POST", path, {
        body: { config: prompt("a") },
      });
      for (const as of ["secret", "publishable", "annotator"] as const) {
        const answer = await api.call(organization, "POST", `${path}/${made.body.id}/review`, {
          as,
          body: { decision: "approve" },
        });
        expect(answer.status).toBe(403);
      }
    });
  });

  it("shows nothing of another organization", async () => {
    const { organization, path } = await setUp();
    const other = await setUp();
    const made = await api.call<AgentVersion>(organization, "POST", path, { body: { config: prompt("a") } });
    expect((await api.call(other.organization, "GET", `${path}/${made.body.id}`)).status).toBe(404);
    expect((await api.call(other.organization, "GET", `/agents/${made.body.agent_id}/versions`)).status).toBe(
      404,
    );
    const listed = await api.call<{ data: unknown[] }>(other.organization, "GET", path);
    expect(listed.body.data).toEqual([]);
  });
});

import type { AgentVersion, ServingConfiguration, ServingPointer } from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bumpServingRevision } from "../../administration/serving/index.ts";
import { withTenant } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { stageVersion } from "./stage-version.ts";

const path = "/agents/my-agent/serving";

describeEachEngine("serving", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  const makeVersion = async (organization: TestOrganization, text: string): Promise<AgentVersion> => {
    const body = { config: { components: { system_prompt: text } } };
    return (await api.call<AgentVersion>(organization, "POST", "/agents/my-agent/versions", { body })).body;
  };
  const setUp = async () => {
    const organization = await createTestOrganization(suite.database);
    const agentId = await createTestAgent(suite.database, organization.id);
    return { organization, agentId, version: await makeVersion(organization, "a") };
  };
  const start = (organization: TestOrganization, versionId: string, environment = "production") =>
    api.call<ServingPointer>(organization, "POST", path, {
      as: "secret",
      body: { version_id: versionId, environment },
    });

  it("answers an empty configuration before anything serves", async () => {
    const { organization, agentId } = await setUp();
    const answer = await api.call<ServingConfiguration>(organization, "GET", path, { as: "secret" });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      agent_id: agentId,
      slug: "my-agent",
      environment: "production",
      default_version_id: null,
      versions: {},
      split: null,
      config: { learning_enabled: true },
    });
  });

  it("puts the first version into production once, and only once", async () => {
    const { organization, version } = await setUp();
    const started = await start(organization, version.id);
    expect(started).toMatchObject({
      status: 200,
      body: { version_id: version.id, previous_version_id: null },
    });
    const served = await api.call<ServingConfiguration>(organization, "GET", path, { as: "secret" });
    expect(served.body.default_version_id).toBe(version.id);
    expect(served.body.versions[version.id]).toMatchObject({ number: 1, config: version.config });
    const other = await makeVersion(organization, "b");
    expect((await start(organization, other.id)).status).toBe(409);
    expect(
      (await api.call(organization, "POST", path, { as: "reviewer", body: { version_id: other.id } })).status,
    ).toBe(403);
  });

  it("lets one of many concurrent callers start production", async () => {
    const { organization, version } = await setUp();
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(organization, version.id)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7);
  });

  it("refuses a rejected version and another agent's", async () => {
    const { organization, version } = await setUp();
    await api.call(organization, "POST", `/agents/my-agent/versions/${version.id}/review`, {
      as: "reviewer",
      body: { decision: "reject" },
    });
    const rejected = await start(organization, version.id);
    expect(rejected).toMatchObject({ status: 422, body: { errors: [{ path: "body.version_id" }] } });
    const elsewhere = await setUp();
    expect((await start(elsewhere.organization, version.id)).status).toBe(422);
  });

  it("keeps staging apart from production", async () => {
    const { organization, agentId, version } = await setUp();
    await start(organization, version.id);
    const candidate = await makeVersion(organization, "b");
    const ctx = createTestContext(api.services, organization, "secret");
    const stage = () =>
      ctx.transact((tenant) =>
        stageVersion({ ctx: tenant, input: { agentId, versionId: candidate.id, reason: "trained" } }),
      );
    await stage();
    const staged = await api.call<ServingConfiguration>(organization, "GET", `${path}?environment=staging`);
    await stage();
    const again = await api.call<ServingConfiguration>(organization, "GET", `${path}?environment=staging`);
    expect(again.body).toEqual(staged.body);
    expect(staged.body).toMatchObject({ environment: "staging", default_version_id: candidate.id });
    const production = await api.call<ServingConfiguration>(organization, "GET", path);
    expect(production.body.default_version_id).toBe(version.id);
  });

  it("reverts to the version before, by a reviewer, with a reason", async () => {
    const { organization, version } = await setUp();
    const other = await makeVersion(organization, "b");
    await start(organization, version.id, "staging");
    const revert = (as: "reviewer" | "secret") =>
      api.call<ServingPointer>(organization, "POST", `${path}/revert`, {
        as,
        body: { environment: "staging", reason: "wrong answers" },
      });
    expect((await revert("reviewer")).status).toBe(409);
    await start(organization, other.id, "staging");
    expect((await revert("secret")).status).toBe(403);
    const reverted = await revert("reviewer");
    expect(reverted.body).toMatchObject({ version_id: version.id, previous_version_id: other.id });
    const audited = await withTenant(suite.database.kysely, organization.id, (tx) =>
      tx
        .selectFrom("audit_log")
        .select("data")
        .where("action", "=", "serving.moved")
        .orderBy("sequence")
        .execute(),
    );
    expect(audited.at(-1)?.data).toMatchObject({ reason: "wrong answers", version_id: version.id });
  });

  it("answers 304 to the revision that the caller has", async () => {
    const { organization, version } = await setUp();
    await start(organization, version.id);
    const first = await api.call(organization, "GET", path);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"\d+"$/);
    const same = await api.call(organization, "GET", path, { headers: { "if-none-match": etag } });
    expect([same.status, same.headers.etag, same.body]).toEqual([304, etag, {}]);
    const agent = await api.call(organization, "GET", "/agents/my-agent");
    await api.call(organization, "PATCH", "/agents/my-agent", {
      headers: { "if-match": String(agent.headers.etag) },
      body: { config: { learning_enabled: false } },
    });
    const changed = await api.call<ServingConfiguration>(organization, "GET", path, {
      headers: { "if-none-match": etag },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.config.learning_enabled).toBe(false);
    expect(changed.body.revision).toBeGreaterThan(Number(etag.slice(1, -1)));
  });

  it("wakes a long poll as soon as this process changes something", async () => {
    const { organization, version } = await setUp();
    const etag = String((await api.call(organization, "GET", path)).headers.etag);
    const polled = api.call<ServingConfiguration>(organization, "GET", `${path}?wait=30`, {
      headers: { "if-none-match": etag },
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    await start(organization, version.id);
    const answer = await polled;
    expect(answer.body.default_version_id).toBe(version.id);
    expect(performance.now() - began).toBeLessThan(900);
  });

  it("notices another node's change by looking", async () => {
    const { organization, agentId } = await setUp();
    const etag = String((await api.call(organization, "GET", path)).headers.etag);
    const polled = api.call<ServingConfiguration>(organization, "GET", `${path}?wait=30`, {
      headers: { "if-none-match": etag },
    });
    const ctx = createTestContext(api.services, organization);
    // Another process commits, and nothing is announced here.
    await ctx.transact((tenant) =>
      bumpServingRevision({ ctx: { ...tenant, afterCommit: () => undefined }, input: { agentId } }),
    );
    expect((await polled).status).toBe(200);
  });

  it("gives up with 304 when the wait is over, holding no transaction meanwhile", async () => {
    const { organization } = await setUp();
    const etag = String((await api.call(organization, "GET", path)).headers.etag);
    const polls = Array.from({ length: 30 }, () =>
      api.call(organization, "GET", `${path}?wait=1.2`, { headers: { "if-none-match": etag } }),
    );
    // More polls than connections: others still get through.
    expect((await api.call(organization, "GET", "/agents/my-agent")).status).toBe(200);
    expect((await Promise.all(polls)).map((answer) => answer.status)).toEqual(
      Array.from({ length: 30 }, () => 304),
    );
  });

  it("refuses bad questions", async () => {
    const { organization } = await setUp();
    expect((await api.call(organization, "GET", `${path}?wait=31`)).status).toBe(400);
    expect((await api.call(organization, "GET", `${path}?environment=moon`)).status).toBe(400);
    expect((await api.call(organization, "GET", "/agents/unknown/serving?wait=5")).status).toBe(404);
    expect((await api.call(organization, "GET", path, { as: "publishable" })).status).toBe(403);
    const stranger = await createTestOrganization(suite.database);
    expect((await api.call(stranger, "GET", path)).status).toBe(404);
  });
});

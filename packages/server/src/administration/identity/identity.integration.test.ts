import type { Identity } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTestOrganization } from "../../testing/test-organization.ts";

describeEachEngine("whose key it is", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  it("names the member, the role and the organization", async () => {
    const organization = await createTestOrganization(suite.database);
    const { status, body } = await api.call<Identity>(organization, "GET", "/me", { as: "annotator" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: "user",
      user_id: organization.members.annotator.id,
      display_name: "annotator",
      role: "annotator",
      organization: { id: organization.id, slug: organization.slug },
    });
  });

  it("says of a machine's key that nobody is behind it", async () => {
    const organization = await createTestOrganization(suite.database);
    const { body } = await api.call<Identity>(organization, "GET", "/me", { as: "secret" });
    expect(body).toMatchObject({ kind: "secret", user_id: null, display_name: null, role: null });
  });

  it("refuses a publishable key and nobody's", async () => {
    const organization = await createTestOrganization(suite.database);
    expect((await api.call(organization, "GET", "/me", { as: "publishable" })).status).toBe(403);
    expect((await api.call(organization, "GET", "/me", { as: "nobody" })).status).toBe(401);
  });

  it("tells the deciding time, which a demo moves", async () => {
    const organization = await createTestOrganization(suite.database);
    await setClock(suite.database, "10 days");
    const { body } = await api.call<Identity>(organization, "GET", "/me");
    const days = (new Date(body.now).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(9.9);
    expect(days).toBeLessThan(10.1);
  });
});

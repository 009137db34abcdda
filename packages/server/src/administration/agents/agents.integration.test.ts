import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";

interface Agent {
  id: string;
  slug: string;
  version: number;
  config: { learning_enabled: boolean };
  archived_at: string | null;
}
interface Page {
  data: Agent[];
  next_cursor: string | null;
}

describeEachEngine("agents", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(async () => {
    api = createTestApi(context.database);
    organization = await createTestOrganization(context.database);
  });
  afterAll(() => api.close());

  const create = async (slug: string, as: "admin" | "secret" = "admin") =>
    api.call<Agent>(organization, "POST", "/agents", { as, body: { slug } });
  const change = (slug: string, body: object, ifMatch?: string) =>
    api.call<Agent>(organization, "PATCH", `/agents/${slug}`, {
      body,
      ...(ifMatch === undefined ? {} : { headers: { "if-match": ifMatch } }),
    });

  it("are made with the guide's defaults, and found by slug, UUID and any case", async () => {
    const made = await create("found");
    expect(made).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(made.body).toMatchObject({
      slug: "found",
      name: "found",
      version: 1,
      config: {
        learning_enabled: true,
        feedback_collection: { auto_collect: true, min_rating_for_positive: 4, collect_corrections: true },
      },
    });
    for (const reference of ["found", made.body.id, made.body.id.toUpperCase(), "FOUND"]) {
      const { status, body } = await api.call<Agent>(organization, "GET", `/agents/${reference}`, {
        as: "viewer",
      });
      expect([status, body.id], reference).toEqual([200, made.body.id]);
    }
  });

  it("have a slug of their own: 409 for a taken one, which another organization may have", async () => {
    expect((await create("taken", "secret")).status).toBe(201);
    const again = await create("taken");
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ errors: [{ path: "body.slug" }] });
    const other = await createTestOrganization(context.database);
    expect((await api.call(other, "POST", "/agents", { body: { slug: "taken" } })).status).toBe(201);
  });

  it("have no slug that could be read as an id", async () => {
    const { status } = await create("0190a000-0000-7000-8000-00000000dead");
    expect([400, 422]).toContain(status);
  });

  describe("changed by compare-and-set", () => {
    it("needs If-Match, refuses one of another version, and raises the version", async () => {
      await create("changed");
      expect((await change("changed", { name: "x" })).status).toBe(428);
      expect((await change("changed", { name: "x" }, "*")).status).toBe(400);
      expect((await change("changed", { name: "x" }, '"2"')).status).toBe(412);
      const done = await change("changed", { name: "x" }, '"1"');
      expect(done).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { name: "x", version: 2 } });
      expect((await change("changed", { name: "y" }, '"1"')).status).toBe(412);
    });

    it("takes one of two that read the same version", async () => {
      await create("raced");
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, n) => change("raced", { name: `name ${n}` }, '"1"')),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      const { body } = await api.call<Agent>(organization, "GET", "/agents/raced");
      expect(body.version).toBe(2);
    });

    it("changes the settings that it names, and refuses those that there are not", async () => {
      await create("settled");
      await change("settled", { policy: { guardrails: { max_error_rate: 0.01 } } }, '"1"');
      const { body } = await change(
        "settled",
        { policy: { privacy: { retention_days: 90 } }, config: { learning_enabled: false } },
        '"2"',
      );
      expect(body).toMatchObject({
        config: { learning_enabled: false, feedback_collection: { auto_collect: true } },
        policy: {
          guardrails: { max_error_rate: 0.01, max_satisfaction_drop: 0.1 },
          privacy: { retention_days: 90 },
        },
      });
      const refused = await change("settled", { policy: { guardrails: { max_eror_rate: 0.5 } } }, '"3"');
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.body)).toContain("max_eror_rate");
      const written = await change("settled", { config: { learningEnabled: true } } as object, '"3"');
      expect(written.status).toBe(400);
    });

    it("writes one audit record with the whole new policy", async () => {
      const { body: agent } = await create("audited");
      await change("audited", { policy: { rollout: { stages: [{ share: 1, hours: 0 }] } } }, '"1"');
      const { body } = await api.call<{ data: { action: string; data: Record<string, unknown> }[] }>(
        organization,
        "GET",
        `/audit?entity_type=agent&entity_id=${agent.id}`,
      );
      expect(body.data.map(({ action }) => action)).toEqual(["agent.updated", "agent.created"]);
      expect(body.data[0]?.data).toMatchObject({ fields: ["policy"], policy: { rollout: { stages: [{}] } } });
    });

    it("tells those who are served that the settings changed", async () => {
      await create("served");
      const revision = async (): Promise<unknown> =>
        (await api.call(organization, "GET", "/agents/served/serving")).body.revision;
      const before = await revision();
      await change("served", { name: "only a name" }, '"1"');
      expect(await revision()).toBe(before);
      await change("served", { config: { learning_enabled: false } }, '"2"');
      expect(await revision()).toBe(Number(before) + 1);
    });
  });

  it("are listed newest first, page by page, archived ones on request", async () => {
    const own = await createTestOrganization(context.database);
    const slugs = ["one", "two", "three", "four", "five"];
    for (const slug of slugs) await api.call(own, "POST", "/agents", { body: { slug } });
    await api.call(own, "PATCH", "/agents/three", {
      body: { archived: true },
      headers: { "if-match": '"1"' },
    });
    const list = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      let cursor = "";
      do {
        const { body } = await api.call<Page>(own, "GET", `/agents?limit=2${query}${cursor}`);
        found.push(...body.data.map(({ slug }) => slug));
        cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
      } while (cursor !== "");
      return found;
    };
    expect(await list("")).toEqual(["five", "four", "two", "one"]);
    expect(await list("&archived=true")).toEqual(["five", "four", "three", "two", "one"]);
    const restored = await api.call<Agent>(own, "PATCH", "/agents/three", {
      body: { archived: false },
      headers: { "if-match": '"2"' },
    });
    expect(restored.body.archived_at).toBeNull();
  });
});

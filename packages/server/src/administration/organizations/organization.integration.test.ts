import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";
import { DEFAULT_ISSUE_CATEGORIES } from "./issue-categories.ts";

interface Organization {
  id: string;
  name: string;
  issue_categories: { slug: string; label: string; is_active: boolean }[];
}

describeEachEngine("organization", (context) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(async () => {
    api = createTestApi(context.database);
    organization = await createTestOrganization(context.database);
  });
  afterAll(() => api.close());

  const read = async (): Promise<Organization> =>
    (await api.call<Organization>(organization, "GET", "/organization", { as: "viewer" })).body;
  const change = (body: object) => api.call<Organization>(organization, "PATCH", "/organization", { body });

  it("offers a sensible list of issue categories before it has its own", async () => {
    const { id, issue_categories: categories } = await read();
    expect(id).toBe(organization.id);
    expect(categories).toEqual(DEFAULT_ISSUE_CATEGORIES);
    expect(categories.length).toBeGreaterThan(5);
  });

  it("is renamed by an admin", async () => {
    expect((await change({ name: "Prisma Glow" })).body.name).toBe("Prisma Glow");
    expect((await read()).name).toBe("Prisma Glow");
    expect((await change({})).status).toBe(400);
  });

  it("keeps the order of its own list, and what is left out only becomes inactive", async () => {
    const { body } = await change({
      issue_categories: [
        { slug: "wrong_account", label: "Wrong account" },
        { slug: "other", label: "Something else" },
      ],
    });
    expect(body.issue_categories.filter((one) => one.is_active)).toEqual([
      { slug: "wrong_account", label: "Wrong account", is_active: true },
      { slug: "other", label: "Something else", is_active: true },
    ]);
    await change({ issue_categories: [{ slug: "late", label: "Too late" }] });
    const categories = (await read()).issue_categories;
    expect(categories.find(({ slug }) => slug === "late")?.is_active).toBe(true);
    expect(categories.find(({ slug }) => slug === "wrong_account")).toEqual({
      slug: "wrong_account",
      label: "Wrong account",
      is_active: false,
    });
  });

  it("refuses a list that cannot be meant", async () => {
    for (const categories of [
      [{ slug: "Not A Slug", label: "x" }],
      [{ slug: "no_label" }],
      Array.from({ length: 101 }, (_, n) => ({ slug: `c${n}`, label: "x" })),
    ]) {
      expect((await change({ issue_categories: categories })).status).toBe(400);
    }
  });

  it("does not touch another organization's list", async () => {
    const other = await createTestOrganization(context.database);
    await change({ issue_categories: [{ slug: "ours", label: "Ours" }] });
    const { body } = await api.call<Organization>(other, "GET", "/organization");
    expect(body.issue_categories).toEqual(DEFAULT_ISSUE_CATEGORIES);
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";

interface Member {
  user_id: string;
  role: string;
  revoked_at: string | null;
}

describeEachEngine("members", (context) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(context.database);
  });
  afterAll(() => api.close());

  const add = (organization: TestOrganization, role: string, email?: string) =>
    api.call<Member>(organization, "POST", "/members", {
      body: { display_name: "Someone", role, ...(email === undefined ? {} : { email }) },
    });
  const change = (organization: TestOrganization, userId: string, body: object) =>
    api.call<Member>(organization, "PATCH", `/members/${userId}`, { body });

  it("are added once for each e-mail address, however it is written", async () => {
    const organization = await createTestOrganization(context.database);
    expect(await add(organization, "viewer", "a@example.org")).toMatchObject({
      status: 201,
      body: { role: "viewer", email: "a@example.org", revoked_at: null },
    });
    expect((await add(organization, "admin", "A@Example.org")).status).toBe(409);
    expect((await add(organization, "viewer")).status).toBe(201);
    expect((await add(organization, "viewer")).status).toBe(201);
    expect((await add(organization, "owner")).status).toBe(400);
  });

  it("are listed to the last one, end users never", async () => {
    const organization = await createTestOrganization(context.database);
    for (let n = 0; n < 3; n += 1) await add(organization, "viewer");
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api.call<{ data: Member[]; next_cursor: string | null }>(
        organization,
        "GET",
        `/members?limit=3${cursor}`,
        { as: "viewer" },
      );
      seen.push(...body.data.map(({ user_id: id }) => id));
      cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(seen).not.toContain(organization.endUserId);
  });

  it("lose their keys' power at once when they are revoked, and get it back when restored", async () => {
    const organization = await createTestOrganization(context.database);
    const { id } = organization.members.reviewer;
    const asReviewer = async (): Promise<number> =>
      (await api.call(organization, "GET", "/agents", { as: "reviewer" })).status;
    expect(await asReviewer()).toBe(200);
    expect((await change(organization, id, { revoked: true })).body.revoked_at).not.toBeNull();
    expect(await asReviewer()).toBe(401);
    expect((await change(organization, id, { revoked: false })).body.revoked_at).toBeNull();
    expect(await asReviewer()).toBe(200);
  });

  it("have their new role at once", async () => {
    const organization = await createTestOrganization(context.database);
    const { id } = organization.members.viewer;
    const audit = async (): Promise<number> =>
      (await api.call(organization, "GET", "/audit", { as: "viewer" })).status;
    expect(await audit()).toBe(403);
    await change(organization, id, { role: "reviewer" });
    expect(await audit()).toBe(200);
    await change(organization, id, { role: "viewer" });
    expect(await audit()).toBe(403);
  });

  it("always have an admin among them", async () => {
    const organization = await createTestOrganization(context.database);
    const { admin, reviewer } = organization.members;
    expect((await change(organization, admin.id, { revoked: true })).status).toBe(409);
    expect((await change(organization, admin.id, { role: "viewer" })).status).toBe(409);
    expect((await change(organization, admin.id, { role: "admin" })).status).toBe(200);
    await change(organization, reviewer.id, { role: "admin" });
    expect((await change(organization, admin.id, { role: "viewer" })).status).toBe(200);
    expect(
      (
        await api.call(organization, "PATCH", `/members/${reviewer.id}`, {
          as: "reviewer",
          body: { revoked: true },
        })
      ).status,
    ).toBe(409);
  });

  it("keep one admin when the last two remove each other at the same time", async () => {
    for (let round = 0; round < 5; round += 1) {
      const organization = await createTestOrganization(context.database);
      const { admin, reviewer } = organization.members;
      await change(organization, reviewer.id, { role: "admin" });
      const answers = await Promise.all([
        change(organization, reviewer.id, { revoked: true }),
        api.call(organization, "PATCH", `/members/${admin.id}`, { as: "reviewer", body: { revoked: true } }),
      ]);
      const statuses = answers.map(({ status }) => status);
      // The one who comes second is revoked already, or finds that nobody else is left.
      expect(statuses).toContain(200);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    }
  });

  it("of another organization, and end users, are not there", async () => {
    const organization = await createTestOrganization(context.database);
    const other = await createTestOrganization(context.database);
    for (const id of [other.members.viewer.id, organization.endUserId]) {
      expect((await change(organization, id, { role: "viewer" })).status).toBe(404);
    }
  });
});

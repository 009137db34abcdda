import { afterAll, beforeAll, expect, it } from "vitest";
import { learningNow } from "../../database/index.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";
import { createTestServices } from "../../testing/test-services.ts";

describeEachEngine("clock", (context) => {
  let allowed: TestApi;
  let forbidden: TestApi;
  let organization: TestOrganization;
  beforeAll(async () => {
    allowed = createTestApi(context.database);
    const { config } = createTestServices(context.database);
    forbidden = createTestApi(context.database, { config: { ...config, allowClock: false } });
    organization = await createTestOrganization(context.database);
  });
  afterAll(async () => {
    await setClock(context.database, "0");
    await allowed.close();
    await forbidden.close();
  });

  it("stands where it is unless the server allows it", async () => {
    const before = await learningNow(context.database.kysely);
    const answer = await forbidden.call(organization, "POST", "/clock/advance", { body: { seconds: 3600 } });
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("LEARNING_ALLOW_CLOCK") },
    });
    expect((await learningNow(context.database.kysely)).getTime() - before.getTime()).toBeLessThan(60_000);
  });

  it("is moved forward, by the sum of what was asked, and says so in the audit log", async () => {
    const start = Date.now();
    await allowed.call(organization, "POST", "/clock/advance", { body: { seconds: 3600 } });
    const { status, body } = await allowed.call<{ now: string; offset_seconds: number }>(
      organization,
      "POST",
      "/clock/advance",
      { body: { seconds: 0.5 } },
    );
    expect(status).toBe(200);
    expect(body.offset_seconds).toBe(3600.5);
    expect(Date.parse(body.now) - start).toBeGreaterThanOrEqual(3_600_000);
    const audit = await allowed.call<{ data: { action: string }[] }>(organization, "GET", "/audit");
    expect(audit.body.data.map(({ action }) => action)).toEqual(["clock.advanced", "clock.advanced"]);
  });

  it("is never moved back, nor by more than a year at once, nor by anyone but an admin", async () => {
    for (const seconds of [-1, 31_536_001, "60", null]) {
      const { status } = await allowed.call(organization, "POST", "/clock/advance", { body: { seconds } });
      // Null is what JSON makes of a number that is none.
      expect(status, String(seconds)).toBe(seconds === null ? 422 : 400);
    }
    const asReviewer = { as: "reviewer", body: { seconds: 1 } } as const;
    expect((await allowed.call(organization, "POST", "/clock/advance", asReviewer)).status).toBe(403);
  });
});

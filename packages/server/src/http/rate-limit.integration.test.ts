import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../testing/test-api.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization } from "../testing/test-organization.ts";
import { createTestServices } from "../testing/test-services.ts";

const PER_SECOND = 2;

describeEachEngine("rate limit", (context) => {
  let api: TestApi;
  let unlimited: TestApi;
  beforeAll(() => {
    const { config } = createTestServices(context.database);
    api = createTestApi(context.database, { config: { ...config, rateLimit: PER_SECOND } });
    unlimited = createTestApi(context.database);
  });
  afterAll(async () => {
    await api.close();
    await unlimited.close();
  });

  it("answers 429 with the time to wait once a key's burst is used up, and lets other keys in", async () => {
    const organization = await createTestOrganization(context.database);
    const call = (as: "admin" | "secret") => api.call(organization, "GET", "/agents", { as });
    const answers = await Promise.all(Array.from({ length: 12 }, () => call("secret")));
    const taken = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(taken.length + refused.length).toBe(12);
    // A slow machine gains tokens while the twelve are under way.
    expect(taken.length).toBeGreaterThanOrEqual(2 * PER_SECOND);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of taken) {
      expect(headers["ratelimit-limit"]).toBe(String(2 * PER_SECOND));
      expect(headers["retry-after"]).toBeUndefined();
    }
    for (const { headers, body } of refused) {
      expect(headers).toMatchObject({
        "ratelimit-remaining": "0",
        "retry-after": headers["ratelimit-reset"],
      });
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(body).toMatchObject({ type: "urn:agent-learning:problem:rate-limited" });
    }
    expect((await call("admin")).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await call("secret")).status).toBe(200);
  });

  it("does nothing for a refused request", async () => {
    const organization = await createTestOrganization(context.database);
    for (let n = 0; n < 2 * PER_SECOND + 1; n += 1) await api.call(organization, "GET", "/agents");
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        api.call(organization, "POST", "/agents", { body: { slug: `limited-${n}` } }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201).length;
    const list = await unlimited.call<{ data: unknown[] }>(organization, "GET", "/agents");
    expect(list.body.data).toHaveLength(made);
  });

  it("is off unless the operator sets it", async () => {
    const organization = await createTestOrganization(context.database);
    const { status, headers } = await unlimited.call(organization, "GET", "/agents");
    expect(status).toBe(200);
    expect(headers["ratelimit-limit"]).toBeUndefined();
  });

  it("never limits health", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.server.inject("/health")));
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  });
});

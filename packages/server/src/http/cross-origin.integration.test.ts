import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../testing/test-api.ts";
import { describeEachEngine } from "../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../testing/test-organization.ts";
import { createTestServices } from "../testing/test-services.ts";
import type { AllowedOrigins } from "./cross-origin.ts";

const PAGE = "https://app.example.com";
const VOTE = { agent_id: "asked", execution_id: "seen-1", feedback_type: "thumbs_up", user_id: "visitor" };

describeEachEngine("pages of other origins", (context) => {
  let organization: TestOrganization;
  const open: TestApi[] = [];
  beforeAll(async () => {
    organization = await createTestOrganization(context.database);
    await (
      await serve(undefined)
    ).call("POST", "/agents", { key: organization.secret.key, body: { slug: "asked" } });
  });
  afterAll(() => Promise.all(open.map((api) => api.close())));

  async function serve(corsOrigins: AllowedOrigins) {
    const { config } = createTestServices(context.database);
    const api = createTestApi(context.database, { config: { ...config, corsOrigins } });
    open.push(api);
    const url = await api.server.listen({ port: 0, host: "127.0.0.1" });
    const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
      fetch(`${url}/api/learning${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    return {
      url,
      call: (method: string, path: string, options: { key: string; origin?: string; body?: unknown }) =>
        send(
          method,
          path,
          {
            authorization: `Bearer ${options.key}`,
            ...(options.origin === undefined ? {} : { origin: options.origin }),
          },
          options.body,
        ),
      /** What a browser asks before it sends a request with an Authorization header. */
      ask: (method: string, path: string, origin = PAGE) =>
        send("OPTIONS", path, {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type,idempotency-key",
        }),
    };
  }
  const allowed = (response: Response): string | null => response.headers.get("access-control-allow-origin");

  describe("without configuration", () => {
    it("may give feedback, with what the browser asks first", async () => {
      const { ask, call } = await serve(undefined);
      const preflight = await ask("POST", "/feedback");
      expect(preflight.status).toBe(204);
      expect(allowed(preflight)).toBe("*");
      expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
      for (const header of ["authorization", "content-type", "idempotency-key"])
        expect(preflight.headers.get("access-control-allow-headers")).toContain(header);
      expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
      const key = organization.publishable.key;
      const given = await call("POST", "/feedback", { key, origin: PAGE, body: VOTE });
      expect([given.status, allowed(given)]).toEqual([201, "*"]);
      expect(given.headers.get("access-control-expose-headers")).toContain("retry-after");
    });

    it("may read why they are refused", async () => {
      const { call, url } = await serve(undefined);
      const key = organization.publishable.key;
      const wrong = await call("POST", "/feedback", { key, origin: PAGE, body: { ...VOTE, rating: 9 } });
      const stranger = await call("POST", "/feedback", { key: `${key}x`, origin: PAGE, body: VOTE });
      const malformed = await fetch(`${url}/api/learning/feedback`, {
        method: "POST",
        headers: { origin: PAGE, authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: "{",
      });
      expect([wrong.status, stranger.status, malformed.status]).toEqual([400, 401, 400]);
      expect([wrong, stranger, malformed].map(allowed)).toEqual(["*", "*", "*"]);
    });

    it("may call nothing else, whatever key they have", async () => {
      const { ask, call } = await serve(undefined);
      for (const [method, path] of [
        ["GET", "/stats"],
        ["POST", "/executions"],
        ["POST", "/feedback-tokens"],
        ["POST", "/feedback-tokens/browser"],
        ["DELETE", "/feedback"],
      ] as const) {
        const refused = await ask(method, path);
        expect([allowed(refused), refused.status]).toEqual([null, 404]);
      }
      const read = await call("GET", "/stats", { key: organization.members.admin.key, origin: PAGE });
      expect([read.status, allowed(read)]).toEqual([200, null]);
    });
  });

  it("of the listed origins may call every route, others none", async () => {
    const { ask, call } = await serve([PAGE]);
    const key = organization.members.admin.key;
    expect(allowed(await ask("GET", "/stats"))).toBe(PAGE);
    const listed = await call("GET", "/stats", { key, origin: PAGE });
    expect([allowed(listed), listed.headers.get("vary")]).toEqual([PAGE, "origin"]);
    expect((await call("GET", "/stats", { key })).headers.get("vary")).toBe("origin");
    for (const origin of ["https://evil.example", "null", `${PAGE}.evil.example`, "http://app.example.com"]) {
      expect(allowed(await ask("GET", "/stats", origin))).toBeNull();
      expect(allowed(await ask("POST", "/feedback", origin))).toBeNull();
      expect(allowed(await call("GET", "/stats", { key, origin }))).toBeNull();
    }
  });

  it("may call every route with *", async () => {
    const { ask, call } = await serve("*");
    expect(allowed(await ask("GET", "/stats"))).toBe("*");
    const read = await call("GET", "/stats", { key: organization.members.admin.key, origin: PAGE });
    expect([read.status, allowed(read)]).toEqual([200, "*"]);
  });

  it("say nothing about origins when nobody asks", async () => {
    const { call } = await serve(undefined);
    const given = await call("POST", "/feedback", {
      key: organization.publishable.key,
      body: { ...VOTE, execution_id: "seen-2" },
    });
    expect([given.status, allowed(given)]).toEqual([201, null]);
  });
});

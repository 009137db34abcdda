import { randomUUID } from "node:crypto";
import type { Feedback, FeedbackToken, SubmittedFeedback } from "@agent-learning/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { anExecution, type Problem } from "../../testing-evidence.testing.ts";

const OPEN = { feedback: { browsers: "same_origin" } };
const OWN_PAGE = { "sec-fetch-site": "same-origin" };

describeEachEngine("feedback tokens of a page on the server's own origin", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let agent: string;
  let addresses = 0;

  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    await setClock(suite.database, "0");
    organization = await createTestOrganization(suite.database);
    agent = `open-${randomUUID()}`;
    await createTestAgent(suite.database, organization.id, { slug: agent, policy: OPEN });
    await api.call(organization, "POST", "/executions", {
      as: "secret",
      body: anExecution("e1", { agent_id: agent }),
    });
  });

  async function ask<T = FeedbackToken>(
    body: object = {},
    headers: Record<string, string> = OWN_PAGE,
    remoteAddress = `10.0.0.${(addresses += 1)}`,
  ): Promise<{ status: number; body: T; cookie: string }> {
    const response = await api.server.inject({
      method: "POST",
      url: "/api/learning/feedback-tokens/browser",
      remoteAddress,
      headers: { "content-type": "application/json", ...headers },
      payload: JSON.stringify({ agent_id: agent, execution_id: "e1", ...body }),
    });
    const cookie = String(response.headers["set-cookie"] ?? "").split(";")[0] ?? "";
    return { status: response.statusCode, body: JSON.parse(response.body) as T, cookie };
  }

  const vote = (token: string, feedback_type = "thumbs_up") =>
    api.call<SubmittedFeedback>(organization, "POST", "/feedback", {
      as: "nobody",
      headers: { authorization: `Bearer ${token}` },
      body: { agent_id: agent, execution_id: "e1", feedback_type },
    });

  it("let a browser vote once, whenever it comes back, and take its vote back", async () => {
    const first = await ask();
    expect(first.status).toBe(201);
    const voted = await vote(first.body.token);
    expect(voted.status).toBe(201);
    const again = await ask({}, { ...OWN_PAGE, cookie: first.cookie });
    expect((await vote(again.body.token, "thumbs_down")).body).toMatchObject({
      id: voted.body.id,
      version: 2,
    });
    const other = await ask();
    expect((await vote(other.body.token)).body.id).not.toBe(voted.body.id);

    const withdraw = (token: string) =>
      api.call<Feedback>(organization, "DELETE", `/feedback/${voted.body.id}`, {
        as: "nobody",
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await withdraw(other.body.token)).status).toBe(403);
    expect(await withdraw(again.body.token)).toMatchObject({ status: 200, body: { status: "withdrawn" } });
  });

  it("tell what may be wrong with an answer", async () => {
    const { body } = await ask();
    const answer = await api.call<{ categories: { slug: string }[] }>(
      organization,
      "GET",
      "/feedback-categories",
      {
        as: "nobody",
        headers: { authorization: `Bearer ${body.token}` },
      },
    );
    expect(answer.body.categories.map(({ slug }) => slug)).toContain("incorrect");
  });

  it("are refused to pages of other sites and to whoever does not say", async () => {
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }, {}]) {
      expect((await ask<Problem>({}, headers as Record<string, string>)).status).toBe(403);
    }
  });

  it("are refused in the same words for agents that are closed, unknown, archived or of two organizations", async () => {
    await createTestAgent(suite.database, organization.id, { slug: `closed-${agent}` });
    const other = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, other.id, { slug: `both-${agent}`, policy: OPEN });
    await createTestAgent(suite.database, organization.id, { slug: `both-${agent}`, policy: OPEN });
    const problems = await Promise.all(
      [`closed-${agent}`, `none-${agent}`, `both-${agent}`].map(async (agent_id) => {
        const { status, body } = await ask<Problem & { detail: string }>({ agent_id });
        return { status, detail: body.detail.replace(agent_id, "") };
      }),
    );
    expect(new Set(problems.map(({ detail }) => detail)).size).toBe(1);
    expect(problems.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  it("are for executions of the last week", async () => {
    expect(await ask<Problem>({ execution_id: "e2" })).toMatchObject({
      status: 404,
      body: { errors: [{ path: "body.execution_id" }] },
    });
    await setClock(suite.database, "8 days");
    expect((await ask()).status).toBe(404);
  });

  it("are given out slowly to one address", async () => {
    // From another site, so that nothing but the limit takes time.
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask({}, {}, "10.9.9.9")));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect((await ask()).status).toBe(201);
  });
});

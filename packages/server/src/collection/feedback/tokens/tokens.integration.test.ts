import type { Feedback, FeedbackToken, SubmittedFeedback } from "@agent-learning/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { anExecution, aVote, type Problem } from "../../testing-evidence.testing.ts";
import { verifyFeedbackToken } from "./verify-feedback-token.ts";

describeEachEngine("feedback tokens", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  let token: string;
  const claims = { agent_id: "my-agent", execution_id: "e1", user_id: "user-1" };

  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    await setClock(suite.database, "0");
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    await createTestAgent(suite.database, organization.id, { slug: "other" });
    await api.call(organization, "POST", "/executions", { as: "secret", body: anExecution("e1") });
    token = (await issue()).body.token;
  });

  const issue = (change: object = {}) =>
    api.call<FeedbackToken>(organization, "POST", "/feedback-tokens", {
      as: "secret",
      body: { ...claims, ...change },
    });
  const submit = <T = SubmittedFeedback>(body: unknown, bearer = token) =>
    api.call<T>(organization, "POST", "/feedback", {
      as: "nobody",
      body,
      headers: { authorization: `Bearer ${bearer}` },
    });

  it("gives feedback on its execution as its rater, who need not be named again", async () => {
    const { user_id: _none, ...vote } = aVote("e1");
    const { status, body } = await submit(vote);
    expect(status).toBe(201);
    const rows = await api.call<Feedback>(organization, "GET", `/feedback/${body.id}`);
    expect(rows.body.execution_id).toBe("e1");
    const again = await submit(aVote("e1", { feedback_type: "thumbs_down" }));
    expect(again.body).toMatchObject({ id: body.id, version: 2 });
  });

  it.each([
    [{ execution_id: "e2" }, "body.execution_id"],
    [{ user_id: "user-2" }, "body.user_id"],
    [{ agent_id: "other" }, "body.agent_id"],
  ])("refuses %j", async (change, path) => {
    const refused = await submit<Problem>({ ...aVote("e1"), ...change });
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ path }] } });
  });

  it("may do nothing else", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const call = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) =>
      api.call(organization, method, path, { as: "nobody", headers, body });
    expect((await call("GET", "/feedback/stats/my-agent")).status).toBe(403);
    expect((await call("POST", "/feedback/batch", { feedback: [aVote("e1")] })).status).toBe(403);
    expect((await call("POST", "/executions", anExecution("e3"))).status).toBe(403);
    expect((await call("POST", "/feedback-tokens", claims)).status).toBe(403);
    const theirs = await api.call<SubmittedFeedback>(organization, "POST", "/feedback", {
      as: "secret",
      body: aVote("e1", { user_id: "user-2" }),
    });
    expect((await call("DELETE", `/feedback/${theirs.body.id}`)).status).toBe(403);
    expect((await call("PATCH", `/feedback/${theirs.body.id}`, { rating: 1 })).status).toBe(403);
  });

  it("takes its own feedback back, also while it waits for its execution", async () => {
    const withdraw = (bearer: string, id: string) =>
      api.call<Feedback>(organization, "DELETE", `/feedback/${id}`, {
        as: "nobody",
        headers: { authorization: `Bearer ${bearer}` },
      });
    const { body } = await submit(aVote("e1"));
    expect(await withdraw(token, body.id)).toMatchObject({ status: 200, body: { status: "withdrawn" } });
    const early = (await issue({ execution_id: "not yet" })).body.token;
    const held = await submit({ ...aVote("not yet") }, early);
    expect(held.body.status).toBe("held");
    expect((await withdraw(token, held.body.id)).status).toBe(403);
    expect(await withdraw(early, held.body.id)).toMatchObject({ status: 200, body: { status: "withdrawn" } });
  });

  it("is issued by secret keys and administrators only, for agents that are there", async () => {
    for (const as of ["publishable", "annotator", "reviewer"] as const) {
      expect((await api.call(organization, "POST", "/feedback-tokens", { as, body: claims })).status).toBe(
        403,
      );
    }
    expect((await issue({ agent_id: "nobody" })).status).toBe(422);
    expect((await issue({ expires_in: 5 })).status).toBe(400);
    expect((await issue({ execution_id: "\u0001".repeat(200), user_id: "\u0001".repeat(200) })).status).toBe(
      422,
    );
  });

  it("is worth nothing when forged, or under another organization", async () => {
    const other = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, other.id);
    const theirs = await api.call<FeedbackToken>(other, "POST", "/feedback-tokens", {
      as: "secret",
      body: claims,
    });
    const [payload = ""] = token.split(".");
    const [, signature = ""] = theirs.body.token.split(".");
    for (const forged of [
      `${payload}.${signature}`,
      `${payload}.${"A".repeat(43)}`,
      "als_ft_nonsense-nonsense",
    ]) {
      expect((await submit(aVote("e1"), forged)).status).toBe(401);
    }
    expect((await submit(aVote("e1"), theirs.body.token)).body.status).toBe("held");
  });

  it("expires by the database's clock", async () => {
    const verify = () => verifyFeedbackToken(api.services)(token);
    expect(await verify()).toMatchObject({ organizationId: organization.id, actor: { raterId: "user-1" } });
    await setClock(suite.database, "59 minutes");
    expect(await verify()).toBeDefined();
    await setClock(suite.database, "61 minutes");
    expect(await verify()).toBeUndefined();
  });

  it("expires between two looks at the database's clock", async () => {
    let now = 0;
    const verify = verifyFeedbackToken(api.services, () => now);
    const short = (await issue({ expires_in: 60 })).body.token;
    await setClock(suite.database, "55 seconds");
    expect(await verify(short)).toBeDefined();
    now = 6_000;
    expect(await verify(short)).toBeUndefined();
  });

  it("keeps one secret however many ask for the first token at the same time", async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    const tokens = await Promise.all(Array.from({ length: 6 }, () => issue()));
    const verify = verifyFeedbackToken(api.services);
    for (const { body } of tokens) expect(await verify(body.token)).toBeDefined();
  });
});

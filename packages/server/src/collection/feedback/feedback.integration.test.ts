import type {
  Feedback,
  FeedbackRevision,
  RecordedExecution,
  SubmitFeedback,
  SubmittedFeedback,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { type ApiCall, createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import type { FeedbackChange } from "../evidence-observer.ts";
import { anExecution, aVote, type Page, type Problem } from "../testing-evidence.testing.ts";

interface History {
  revisions: FeedbackRevision[];
}

describeEachEngine("feedback", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  const observed: FeedbackChange[][] = [];

  beforeAll(() => {
    api = createTestApi(suite.database, {
      evidenceObservers: [{ feedbackChanged: async (_ctx, changes) => void observed.push([...changes]) }],
    });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    await record("e1");
    observed.length = 0;
  });

  const record = (id: string, change = {}) =>
    api.call<RecordedExecution>(organization, "POST", "/executions", {
      as: "secret",
      body: anExecution(id, change),
    });
  const submit = <T = SubmittedFeedback>(body: unknown, options: ApiCall = {}) =>
    api.call<T>(organization, "POST", "/feedback", { as: "secret", body, ...options });
  const get = async (id: string): Promise<Feedback> =>
    (await api.call<Feedback>(organization, "GET", `/feedback/${id}`)).body;
  const history = async (id: string): Promise<FeedbackRevision[]> =>
    (await api.call<History>(organization, "GET", `/feedback/${id}/history`)).body.revisions;
  const countRows = async (): Promise<number> => {
    const { rows } = await withTenant(suite.database.kysely, organization.id, (tx) =>
      sql<{ n: number }>`SELECT count(*) AS n FROM agent_feedback`.execute(tx),
    );
    return rows[0]?.n ?? -1;
  };

  it("stores all of the guide's fields and gives them back", async () => {
    const body = {
      execution_id: "e1",
      agent_id: "my-agent",
      user_id: "user-1",
      feedback_type: "rating",
      rating: 2,
      feedback_text: "not quite",
      correction_text: "Like that.",
      issue_categories: ["incorrect", "unclear"],
      dimensions: { accuracy: 1, helpfulness: 2, clarity: 3, completeness: 4 },
      metadata: { screen: "chat" },
    };
    const { status, body: submitted } = await submit(body);
    expect(status).toBe(201);
    expect(submitted).toEqual({ id: submitted.id, status: "stored", version: 1 });
    const { agent_id: _agent, user_id: _user, ...told } = body;
    expect(await get(submitted.id)).toMatchObject({
      ...told,
      satisfaction: 0.25,
      status: "live",
      version: 1,
    });
    expect(observed.flat()).toMatchObject([
      { before: null, after: { id: submitted.id, rating: 2 }, execution: { external_id: "e1" } },
    ]);
  });

  it("takes our own id of an execution, and a member's own id as the rater", async () => {
    const { body: execution } = await record("e2");
    const stored = await submit(aVote(execution.id, { user_id: organization.members.annotator.id }));
    expect(stored.body.status).toBe("stored");
    expect(await get(stored.body.id)).toMatchObject({
      execution_id: "e2",
      user_id: organization.members.annotator.id,
    });
  });

  it("takes the caller as the rater when a member's key names none; a machine has to name one", async () => {
    const { user_id: _none, ...vote } = aVote("e1");
    const stored = await submit(vote, { as: "annotator" });
    expect((await get(stored.body.id)).user_id).toBe(organization.members.annotator.id);
    for (const as of ["secret", "publishable"] as const) {
      const refused = await submit<Problem>(vote, { as });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: "body.user_id" }] } });
    }
  });

  describe("one live vote per rater and execution", () => {
    it("a second vote amends the first, which stays in the history", async () => {
      const first = await submit(aVote("e1"));
      const second = await submit(aVote("e1", { feedback_type: "rating", rating: 2, feedback_text: "hm" }));
      expect(second).toMatchObject({
        status: 201,
        body: { id: first.body.id, status: "stored", version: 2 },
      });
      expect(await get(first.body.id)).toMatchObject({ feedback_type: "rating", rating: 2, version: 2 });
      const revisions = await history(first.body.id);
      expect(revisions).toMatchObject([
        { version: 1, action: "amended", snapshot: { feedback_type: "thumbs_up", satisfaction: 1 } },
      ]);
      expect(observed.at(-1)).toMatchObject([
        { before: { feedback_type: "thumbs_up" }, after: { id: first.body.id, rating: 2 } },
      ]);
      expect(await countRows()).toBe(1);
    });

    it("the same vote again changes nothing", async () => {
      const first = await submit(aVote("e1"));
      expect(await submit(aVote("e1"))).toMatchObject({ status: 201, body: first.body });
      expect(await history(first.body.id)).toEqual([]);
      expect(observed).toHaveLength(1);
    });

    it("other raters, other executions and feedback that is no vote are rows of their own", async () => {
      await record("e2");
      await submit(aVote("e1"));
      await submit(aVote("e1", { user_id: "user-2" }));
      await submit(aVote("e2"));
      await submit(aVote("e1", { feedback_type: "comment", feedback_text: "a" }));
      await submit(aVote("e1", { feedback_type: "comment", feedback_text: "b" }));
      await submit(aVote("e1", { feedback_type: "implicit", signal: "copied" }));
      expect(await countRows()).toBe(6);
    });

    it("holds within one batch, in its order", async () => {
      const votes = [5, 1, 3].map((rating) => aVote("e1", { feedback_type: "rating", rating }));
      const { body } = await api.call<{ results: SubmittedFeedback[] }>(
        organization,
        "POST",
        "/feedback/batch",
        {
          as: "secret",
          body: { feedback: [...votes, aVote("e1", { user_id: "user-2" })] },
        },
      );
      expect(body.results.map((result) => result.version)).toEqual([1, 2, 3, 1]);
      const [first, second, third, other] = body.results.map((result) => result.id);
      expect([second, third]).toEqual([first, first]);
      expect(other).not.toBe(first);
      expect((await get(first ?? "")).rating).toBe(3);
      expect((await history(first ?? "")).map((revision) => revision.snapshot.rating)).toEqual([5, 1]);
    });

    it("keeps the order of a batch, corrections among its votes", async () => {
      const correction = { feedback_type: "correction", rating: 2, correction_text: "Better." } as const;
      const feedback = [aVote("e1", correction), aVote("e1")];
      const { body } = await api.call<{ results: SubmittedFeedback[] }>(
        organization,
        "POST",
        "/feedback/batch",
        { as: "secret", body: { feedback } },
      );
      expect(body.results.map((result) => result.version)).toEqual([1, 2]);
      const id = body.results[0]?.id ?? "";
      expect(await get(id)).toMatchObject({ feedback_type: "thumbs_up", correction_text: null });
      expect((await history(id))[0]?.snapshot).toMatchObject({ correction_text: "Better." });
    });

    it("holds when many callers vote at the same time", async () => {
      const ratings = Array.from({ length: 30 }, (_, index) => (index % 5) + 1);
      const answers = await Promise.all(
        ratings.map((rating) => submit(aVote("e1", { feedback_type: "rating", rating }))),
      );
      expect(answers.every((answer) => answer.status === 201)).toBe(true);
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect(await countRows()).toBe(1);
      const id = answers[0]?.body.id ?? "";
      const { version } = await get(id);
      expect((await history(id)).map((revision) => revision.version)).toEqual(
        Array.from({ length: version - 1 }, (_, index) => index + 1),
      );
    });

    it("after a withdrawal a new vote is a new row", async () => {
      const first = await submit(aVote("e1"));
      await api.call(organization, "DELETE", `/feedback/${first.body.id}`);
      const second = await submit(aVote("e1"));
      expect(second.body.id).not.toBe(first.body.id);
      expect(second.body.version).toBe(1);
    });
  });

  describe("idempotency", () => {
    it("gives the first answer again, also when the vote has moved on", async () => {
      const headers = { "idempotency-key": "k1" };
      const first = await submit(aVote("e1"), { headers });
      await submit(aVote("e1", { feedback_type: "thumbs_down" }));
      const again = await submit(aVote("e1"), { headers });
      expect(again.body).toEqual(first.body);
      expect(again.headers["idempotent-replayed"]).toBe("true");
      expect((await get(first.body.id)).feedback_type).toBe("thumbs_down");
    });

    it("refuses another payload under the same key", async () => {
      const headers = { "idempotency-key": "k1" };
      await submit(aVote("e1"), { headers });
      const other = await submit<Problem>(aVote("e1", { feedback_type: "thumbs_down" }), { headers });
      expect(other).toMatchObject({ status: 422, body: { errors: [{ path: "header.idempotency-key" }] } });
      const batch = { as: "secret", headers, body: { feedback: [aVote("e1")] } } as const;
      expect((await api.call(organization, "POST", "/feedback/batch", batch)).status).toBe(422);
    });

    it("makes one row of ten concurrent calls with one key, among calls with other keys", async () => {
      const comment = { feedback_type: "comment", feedback_text: "once" } as const;
      const same = Array.from({ length: 10 }, () =>
        submit(aVote("e1", comment), { headers: { "idempotency-key": "same" } }),
      );
      const others = Array.from({ length: 10 }, (_, index) =>
        submit(aVote("e1", comment), { headers: { "idempotency-key": `other-${index}` } }),
      );
      const answers = await Promise.all([...same, ...others]);
      expect(new Set(answers.slice(0, 10).map((answer) => answer.body.id)).size).toBe(1);
      expect(answers.every((answer) => answer.status === 201)).toBe(true);
      expect(await countRows()).toBe(11);
    });

    it("counts an item of a batch once under its own key, however batches are put together", async () => {
      const comment = (key: string, text = key) => ({
        ...aVote("e1", { feedback_type: "comment", feedback_text: text }),
        idempotency_key: key,
      });
      const correction = {
        ...aVote("e1", { feedback_type: "correction", correction_text: "Better." }),
        idempotency_key: "correction",
      };
      const batch = <T = { results: SubmittedFeedback[] }>(...feedback: unknown[]) =>
        api.call<T>(organization, "POST", "/feedback/batch", { as: "secret", body: { feedback } });
      const first = await batch(comment("a"), comment("b"), comment("a"), correction, correction);
      const [a, b, again, c, cAgain] = first.body.results.map((result) => result.id);
      expect([again, cAgain]).toEqual([a, c]);
      const second = await batch(correction, comment("c"), comment("b"));
      expect(second.body.results.map((result) => result.id)).toEqual([c, expect.any(String), b]);
      const alone = await submit(aVote("e1", { feedback_type: "comment", feedback_text: "a" }), {
        headers: { "idempotency-key": "a" },
      });
      expect(alone.body.id).toBe(a);
      expect(await countRows()).toBe(4);
      for (const reused of [
        [comment("a", "other")],
        [comment("d"), comment("d", "other")],
        [correction, { ...correction, correction_text: "Other." }],
      ]) {
        expect((await batch<Problem>(...reused)).status).toBe(422);
      }
      expect(await countRows()).toBe(4);
    });

    it("makes one row each of the same items sent ten times at once, each time in another order", async () => {
      const items = Array.from({ length: 30 }, (_, n) => ({
        // Plain ones, corrections, and some that come before their execution.
        ...aVote(n % 7 === 0 ? `early-${n}` : "e1", {
          feedback_type: n % 3 === 0 ? "correction" : "comment",
          ...(n % 3 === 0 ? { correction_text: `Better ${n}.` } : { feedback_text: `comment ${n}` }),
          user_id: `user-${n % 4}`,
        }),
        idempotency_key: `item-${n}`,
      }));
      const rotated = (by: number) => {
        const turned = [...items.slice(by), ...items.slice(0, by)];
        return by % 2 === 0 ? turned : turned.reverse();
      };
      const sendAtLast = async (feedback: typeof items): Promise<Map<string, string>> => {
        for (;;) {
          const path = "/feedback/batch";
          const answer = await api.call<{ results: SubmittedFeedback[] }>(organization, "POST", path, {
            as: "secret",
            body: { feedback },
          });
          if (answer.status === 201) {
            return new Map(
              feedback.map((item, n) => [item.idempotency_key, answer.body.results[n]?.id ?? ""]),
            );
          }
          // Another batch is at work on one of the items.
          expect(answer.status).toBe(409);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => sendAtLast(rotated(3 * n))));
      for (const { idempotency_key: key } of items) {
        expect(new Set(answers.map((answer) => answer.get(key))).size, key).toBe(1);
      }
      const early = items.filter((item) => item.execution_id !== "e1");
      expect(await countRows()).toBe(items.length - early.length);
      for (const { execution_id: id } of early) await record(id);
      expect(await countRows()).toBe(items.length);
    });

    it("does not keep a refusal: a corrected state lets the same call through", async () => {
      const headers = { "idempotency-key": "k1" };
      const vote = aVote("e1", { agent_id: "later-agent" });
      expect((await submit(vote, { headers })).status).toBe(422);
      await createTestAgent(suite.database, organization.id, { slug: "later-agent" });
      expect((await submit(vote, { headers })).status).toBe(201);
    });
  });

  describe("amending and withdrawing", () => {
    const amend = <T = Feedback>(id: string, body: unknown, version: number, as: ApiCall["as"] = "secret") =>
      api.call<T>(organization, "PATCH", `/feedback/${id}`, {
        as,
        body,
        headers: { "if-match": `"${version}"` },
      });

    it("amends by the version that was read, and keeps what was", async () => {
      const { body } = await submit(aVote("e1", { feedback_type: "rating", rating: 2, feedback_text: "hm" }));
      const amended = await amend(body.id, { rating: 4, issue_categories: ["unclear"] }, 1);
      expect(amended).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
        body: { rating: 4, feedback_text: "hm", satisfaction: 0.75, version: 2 },
      });
      const cleared = await amend(body.id, { feedback_text: null }, 2);
      expect(cleared.body).toMatchObject({ feedback_text: null, rating: 4, version: 3 });
      expect(
        (await history(body.id)).map(({ version, action, actor_id }) => [version, action, actor_id]),
      ).toEqual([
        [1, "amended", organization.secret.id],
        [2, "amended", organization.secret.id],
      ]);
    });

    it("refuses a stale version, a missing one, and what makes no sense", async () => {
      const { body } = await submit(aVote("e1", { feedback_type: "rating", rating: 2 }));
      await amend(body.id, { rating: 3 }, 1);
      expect((await amend(body.id, { rating: 4 }, 1)).status).toBe(412);
      const without = { as: "secret", body: { rating: 4 } } as const;
      expect((await api.call(organization, "PATCH", `/feedback/${body.id}`, without)).status).toBe(428);
      const senseless = await amend<Problem>(body.id, { rating: null }, 2);
      expect(senseless).toMatchObject({ status: 422, body: { errors: [{ path: "body.rating" }] } });
      const same = await amend<Problem>(body.id, { correction_text: " Like this. " }, 2);
      expect(same).toMatchObject({ status: 422, body: { errors: [{ path: "body.correction_text" }] } });
      expect((await get(body.id)).version).toBe(2);
    });

    it("refuses an amendment that would become the rater's second vote", async () => {
      await submit(aVote("e1"));
      const comment = await submit(aVote("e1", { feedback_type: "comment", feedback_text: "x" }));
      expect((await amend(comment.body.id, { rating: 5 }, 1)).status).toBe(409);
    });

    it("withdraws: it no longer counts, and twice is once", async () => {
      const { body } = await submit(aVote("e1"));
      const withdrawn = await api.call<Feedback>(organization, "DELETE", `/feedback/${body.id}`, {
        as: "secret",
      });
      expect(withdrawn).toMatchObject({ status: 200, body: { status: "withdrawn", version: 2 } });
      const again = await api.call<Feedback>(organization, "DELETE", `/feedback/${body.id}`, {
        as: "secret",
      });
      expect(again.body.version).toBe(2);
      expect(await history(body.id)).toMatchObject([{ version: 1, action: "withdrawn" }]);
      expect(observed.at(-1)).toMatchObject([{ before: { id: body.id }, after: null }]);
      expect((await amend(body.id, { rating: 3 }, 2)).status).toBe(409);
      const stale = { as: "secret", headers: { "if-match": '"1"' } } as const;
      const other = await submit(aVote("e1"));
      await submit(aVote("e1", { feedback_type: "thumbs_down" }));
      expect((await api.call(organization, "DELETE", `/feedback/${other.body.id}`, stale)).status).toBe(412);
    });

    it("lets a member change what they said themselves, and an admin what anybody said", async () => {
      const { user_id: _none, ...vote } = aVote("e1");
      const own = await submit(vote, { as: "annotator" });
      expect((await amend(own.body.id, { feedback_text: "x" }, 1, "reviewer")).status).toBe(403);
      expect((await amend(own.body.id, { feedback_text: "x" }, 1, "annotator")).status).toBe(200);
      expect((await amend(own.body.id, { feedback_text: "y" }, 2, "admin")).status).toBe(200);
      for (const as of ["publishable", "viewer"] as const) {
        expect((await amend(own.body.id, { feedback_text: "z" }, 3, as)).status).toBe(403);
      }
    });

    it("answers 404 for what is not there, and for another organization's", async () => {
      const other = await createTestOrganization(suite.database);
      const { body } = await submit(aVote("e1"));
      for (const [whose, id] of [
        [organization, newId()],
        [other, body.id],
      ] as const) {
        expect((await api.call(whose, "GET", `/feedback/${id}`)).status).toBe(404);
        expect((await api.call(whose, "GET", `/feedback/${id}/history`)).status).toBe(404);
        expect((await api.call(whose, "DELETE", `/feedback/${id}`)).status).toBe(404);
        const change = { body: { rating: 1 }, headers: { "if-match": '"1"' } };
        expect((await api.call(whose, "PATCH", `/feedback/${id}`, change)).status).toBe(404);
      }
    });
  });

  describe("the door", () => {
    const refused: [Partial<Record<keyof SubmitFeedback, unknown>>, number, string][] = [
      [{ agent_id: "nobody" }, 422, "agent_id"],
      [{ feedback_type: "rating" }, 422, "rating"],
      [{ rating: 1 }, 422, "rating"],
      [{ feedback_type: "correction" }, 422, "correction_text"],
      [{ feedback_type: "correction", correction_text: "Like this." }, 422, "correction_text"],
      [{ issue_categories: ["incorrect", "made_up"] }, 422, "issue_categories.1"],
      [{ signal: "copied" }, 422, "signal"],
      [{ feedback_type: "implicit" }, 422, "signal"],
      [{ feedback_type: "implicit", signal: "copied", rating: 3 }, 422, "rating"],
      [{ rating: 9 }, 400, "rating"],
      [{ dimensions: { accuracy: 0 } }, 400, "dimensions.accuracy"],
      [{ feedback_text: "a\u0000b" }, 400, "feedback_text"],
      [{ feedback_text: "a\ud800b" }, 400, "feedback_text"],
      [{ execution_id: 5 }, 400, "execution_id"],
    ];

    it.each(refused)(
      "refuses %j with %i naming the field, alone and in a batch",
      async (change, status, field) => {
        const bad = { ...aVote("e1"), ...change };
        const alone = await submit<Problem>(bad);
        expect(alone.status).toBe(status);
        expect(alone.body.errors[0]?.path).toBe(`body.${field}`);
        const batch = await api.call<Problem>(organization, "POST", "/feedback/batch", {
          as: "secret",
          body: { feedback: [aVote("e1"), bad] },
        });
        expect(batch.status).toBe(status);
        expect(batch.body.errors[0]?.path).toBe(`body.feedback.1.${field}`);
        expect(await countRows()).toBe(0);
        expect(observed).toEqual([]);
      },
    );

    it("refuses one of many concurrent calls without harm to the others", async () => {
      const calls = Array.from({ length: 20 }, (_, index) =>
        submit(aVote("e1", { user_id: `u${index}`, ...(index === 7 ? { agent_id: "nobody" } : {}) })),
      );
      const statuses = (await Promise.all(calls)).map((answer) => answer.status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(19);
      expect(statuses[7]).toBe(422);
      expect(await countRows()).toBe(19);
    });

    it("learns of a new issue category at once", async () => {
      await submit(aVote("e1", { issue_categories: ["incorrect"] }));
      const categories = [{ slug: "hallucinated", label: "Made things up", is_active: true }];
      await api.call(organization, "PATCH", "/organization", { body: { issue_categories: categories } });
      expect((await submit(aVote("e1", { issue_categories: ["hallucinated"] }))).status).toBe(201);
    });

    it("takes feedback from publishable keys, and nothing else", async () => {
      expect((await submit(aVote("e1"), { as: "publishable" })).status).toBe(201);
      for (const path of ["/agents/my-agent/feedback", "/feedback/stats/my-agent", "/executions/my-agent"]) {
        expect((await api.call(organization, "GET", path, { as: "publishable" })).status).toBe(403);
      }
      const execution = { as: "publishable", body: anExecution("e9") } as const;
      expect((await api.call(organization, "POST", "/executions", execution)).status).toBe(403);
    });
  });

  it("lists newest first, by filters, with no row lost or doubled between pages", async () => {
    await record("e2");
    const votes = Array.from({ length: 17 }, (_, index) => aVote("e1", { user_id: `u${index}` }));
    await api.call(organization, "POST", "/feedback/batch", { as: "secret", body: { feedback: votes } });
    const last = await submit(aVote("e2", { feedback_type: "rating", rating: 1 }));
    await api.call(organization, "DELETE", `/feedback/${last.body.id}`);
    const list = async (query: string): Promise<Page<Feedback>> =>
      (await api.call<Page<Feedback>>(organization, "GET", `/agents/my-agent/feedback${query}`)).body;
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<Feedback> = await list(
        `?status=all&limit=4${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map((row) => row.id));
      cursor = page.next_cursor;
    }
    expect(seen[0]).toBe(last.body.id);
    expect(seen).toHaveLength(18);
    expect(new Set(seen).size).toBe(18);
    expect((await list("?limit=200")).data).toHaveLength(17);
    expect((await list("?status=withdrawn")).data.map((row) => row.id)).toEqual([last.body.id]);
    expect((await list("?status=all&execution_id=e2")).data.map((row) => row.id)).toEqual([last.body.id]);
    expect((await list("?status=all&feedback_type=rating")).data).toHaveLength(1);
    expect((await list("?status=all&from=2020-01-01T00:00:00%2B02:00&to=2020-01-02T00:00:00Z")).data).toEqual(
      [],
    );
    const forged = await api.call(organization, "GET", "/agents/my-agent/feedback?cursor=forged");
    expect(forged.status).toBe(400);
  });

  it("lists what names an issue, page by page, as it is amended and withdrawn", async () => {
    const said = (user: string, issues: string[]): object =>
      aVote("e1", { user_id: user, feedback_type: "thumbs_down", issue_categories: issues });
    const feedback = Array.from({ length: 9 }, (_, index) =>
      said(`u${index}`, index % 3 === 0 ? ["unclear", "incorrect"] : index % 3 === 1 ? ["incorrect"] : []),
    );
    await api.call(organization, "POST", "/feedback/batch", { as: "secret", body: { feedback } });
    const list = async (query: string): Promise<Page<Feedback>> =>
      (await api.call<Page<Feedback>>(organization, "GET", `/agents/my-agent/feedback?${query}`)).body;
    const seen: Feedback[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<Feedback> = await list(
        `issue=incorrect&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(6);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
    expect(seen.every(({ issue_categories: issues }) => issues.includes("incorrect"))).toBe(true);
    const [first, second] = (await list("issue=unclear")).data;
    await api.call(organization, "PATCH", `/feedback/${first?.id}`, {
      as: "secret",
      headers: { "if-match": '"1"' },
      body: { issue_categories: ["incomplete"] },
    });
    await api.call(organization, "DELETE", `/feedback/${second?.id}`);
    expect((await list("issue=unclear")).data).toHaveLength(1);
    expect((await list("issue=incomplete")).data.map(({ id }) => id)).toEqual([first?.id]);
    expect((await list("issue=unclear&status=withdrawn")).data.map(({ id }) => id)).toEqual([second?.id]);
    expect((await list("issue=unclear&status=all")).data).toHaveLength(2);
    expect((await list("issue=nobody_says_this")).data).toEqual([]);
    for (const [query, status] of [
      ["issue=Not a slug", 400],
      ["issue=unclear&status=held", 422],
    ] as const) {
      const refused = await api.call<Problem>(organization, "GET", `/agents/my-agent/feedback?${query}`);
      expect(refused.status).toBe(status);
      expect(refused.body.errors?.[0]?.path).toBe("query.issue");
    }
  });
});

import type {
  Feedback,
  FeedbackRevision,
  FeedbackStatistics,
  RecordedExecution,
  SubmittedFeedback,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { withTenant } from "../../../database/index.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import type { FeedbackChange } from "../../evidence-observer.ts";
import { anExecution, aVote, type Page } from "../../testing-evidence.testing.ts";
import { expireHeldFeedback } from "./expire-held.ts";

describeEachEngine("held feedback", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  const observed: FeedbackChange[] = [];

  beforeAll(() => {
    api = createTestApi(suite.database, {
      evidenceObservers: [{ feedbackChanged: async (_ctx, changes) => void observed.push(...changes) }],
    });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    await setClock(suite.database, "0");
    organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    observed.length = 0;
  });

  const record = (...ids: string[]) =>
    api.call<{ results: RecordedExecution[] }>(organization, "POST", "/executions", {
      as: "secret",
      body: { executions: ids.map((id) => anExecution(id)) },
    });
  const submit = async (body: unknown): Promise<SubmittedFeedback> =>
    (await api.call<SubmittedFeedback>(organization, "POST", "/feedback", { as: "secret", body })).body;
  const get = (id: string) => api.call<Feedback>(organization, "GET", `/feedback/${id}`);
  const statistics = async (): Promise<FeedbackStatistics> =>
    (await api.call<FeedbackStatistics>(organization, "GET", "/feedback/stats/my-agent")).body;
  const list = async (status: string): Promise<string[]> => {
    const path = `/agents/my-agent/feedback?status=${status}`;
    return (await api.call<Page<Feedback>>(organization, "GET", path)).body.data.map((row) => row.id);
  };
  const sweep = () => expireHeldFeedback.sweep(api.services, organization.id);

  it("waits for its execution and becomes feedback under the same id, on the day it was given", async () => {
    const held = await submit(aVote("later", { feedback_type: "rating", rating: 4 }));
    expect(held).toMatchObject({ status: "held", version: 1 });
    expect((await get(held.id)).body).toMatchObject({ status: "held", execution_id: "later", rating: 4 });
    expect(await list("held")).toEqual([held.id]);
    expect(await statistics()).toMatchObject({ feedback: 0, held: { waiting: 1, received: 1 } });
    const given = (await get(held.id)).body.created_at;
    await setClock(suite.database, "20 hours");
    await record("later");
    const attached = (await get(held.id)).body;
    expect(attached).toMatchObject({ id: held.id, status: "live", rating: 4, version: 1, created_at: given });
    expect(observed).toMatchObject([
      { before: null, after: { id: held.id }, execution: { external_id: "later" } },
    ]);
    const after = await statistics();
    expect(after).toMatchObject({ feedback: 1, votes: 1, held: { waiting: 0, received: 1, attached: 1 } });
    expect(after.daily.find((day) => day.feedback === 1)?.day).toBe(given.slice(0, 10));
    expect(await list("held")).toEqual([]);
  });

  it("keeps one vote per rater while it waits, and its history afterwards", async () => {
    const first = await submit(aVote("later"));
    const second = await submit(aVote("later", { feedback_type: "thumbs_down" }));
    expect(second).toEqual({ id: first.id, status: "held", version: 2 });
    expect(await submit(aVote("later", { feedback_type: "thumbs_down" }))).toEqual(second);
    const other = await submit(aVote("later", { user_id: "user-2" }));
    const comment = await submit(aVote("later", { feedback_type: "comment", feedback_text: "x" }));
    expect(new Set([first.id, other.id, comment.id]).size).toBe(3);
    const history = async () =>
      (
        await api.call<{ revisions: FeedbackRevision[] }>(
          organization,
          "GET",
          `/feedback/${first.id}/history`,
        )
      ).body.revisions;
    const before = await history();
    expect(before).toMatchObject([
      { version: 1, action: "amended", snapshot: { feedback_type: "thumbs_up" } },
    ]);
    await record("later");
    expect(await history()).toEqual(before);
    expect((await get(first.id)).body).toMatchObject({ feedback_type: "thumbs_down", version: 2 });
    expect(await statistics()).toMatchObject({
      feedback: 3,
      by_type: { thumbs_up: 1, thumbs_down: 1, comment: 1 },
      held: { received: 3, attached: 3 },
    });
  });

  it("can be amended and withdrawn while it waits", async () => {
    const kept = await submit(aVote("later", { feedback_type: "rating", rating: 1 }));
    const dropped = await submit(aVote("later", { user_id: "user-2" }));
    const amended = await api.call<Feedback>(organization, "PATCH", `/feedback/${kept.id}`, {
      as: "secret",
      body: { rating: 5 },
      headers: { "if-match": '"1"' },
    });
    expect(amended).toMatchObject({ status: 200, body: { status: "held", rating: 5, version: 2 } });
    const withdrawn = await api.call<Feedback>(organization, "DELETE", `/feedback/${dropped.id}`, {
      as: "secret",
    });
    expect(withdrawn.body).toMatchObject({ status: "withdrawn", version: 2 });
    await record("later");
    expect((await get(kept.id)).body).toMatchObject({ status: "live", rating: 5, version: 2 });
    expect((await get(dropped.id)).body).toMatchObject({ status: "withdrawn" });
    expect(await statistics()).toMatchObject({ feedback: 1, average_rating: 5, withdrawn: 1 });
  });

  it("expires after the agent's holding time, with a count, and is not dropped", async () => {
    await createTestAgent(suite.database, organization.id, {
      slug: "impatient",
      policy: { feedback: { holding_hours: 2 } },
    });
    const patient = await submit(aVote("never"));
    const impatient = await submit(aVote("never", { agent_id: "impatient" }));
    await sweep();
    await setClock(suite.database, "3 hours");
    await sweep();
    expect((await get(patient.id)).body.status).toBe("held");
    expect((await get(impatient.id)).body.status).toBe("expired");
    await setClock(suite.database, "25 hours");
    await Promise.all([sweep(), sweep()]);
    await sweep();
    expect((await get(patient.id)).body).toMatchObject({ status: "expired", feedback_type: "thumbs_up" });
    expect(await list("expired")).toEqual([patient.id]);
    expect(await statistics()).toMatchObject({ feedback: 0, held: { waiting: 0, received: 1, expired: 1 } });
    await record("never");
    expect((await statistics()).feedback).toBe(0);
  });

  it("is attached exactly once however executions and feedback race", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `race-${index}`);
    const vote = (id: string) => submit(aVote(id, { user_id: `rater of ${id}` }));
    const answers = await Promise.all(
      ids.flatMap((id, index) => (index % 2 === 0 ? [vote(id), record(id)] : [record(id), vote(id)])),
    );
    expect(answers).toHaveLength(80);
    const { rows } = await withTenant(suite.database.kysely, organization.id, (tx) =>
      sql<{ external_id: string; n: number }>`
        SELECT e.external_id, count(f.id) AS n FROM agent_executions e
        LEFT JOIN agent_feedback f ON f.execution_id = e.id GROUP BY 1`.execute(tx),
    );
    expect(rows).toHaveLength(40);
    expect(rows.filter((row) => row.n !== 1)).toEqual([]);
    const { held, feedback } = await statistics();
    expect(feedback).toBe(40);
    expect(held).toMatchObject({ waiting: 0, expired: 0 });
    expect(held.received).toBe(held.attached);
  });

  it("attaches to the execution of its own organization and agent only", async () => {
    const other = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, other.id);
    await createTestAgent(suite.database, organization.id, { slug: "second" });
    const held = await submit(aVote("shared-id"));
    const elsewhere = { as: "secret", body: anExecution("shared-id") } as const;
    await api.call(other, "POST", "/executions", elsewhere);
    await api.call(organization, "POST", "/executions", {
      as: "secret",
      body: anExecution("shared-id", { agent_id: "second" }),
    });
    expect((await get(held.id)).body.status).toBe("held");
  });
});

import type { Annotation, ClaimedAnnotation, SubmittedAnnotation } from "@agent-learning/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { type Desk, judgement, openDesk, supply } from "../curation.testing.ts";

const ONE_SLOT = { training: { annotation_overlap: 1, double_annotation_share: 0 } };

interface Problem {
  type: string;
  detail: string;
  errors?: { path: string; message: string }[];
}

describeEachEngine("annotations over HTTP", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());

  async function claim(desk: Desk): Promise<ClaimedAnnotation> {
    const answer = await api.call<ClaimedAnnotation>(desk.organization, "POST", "/annotations/claim", {
      as: "annotator",
      body: {},
    });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  it("claim, keep, submit, verify", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    const example = await supply(desk);
    const { organization } = desk;
    const { task, example: claimed } = await claim(desk);
    expect(claimed.id).toBe(example.id);
    const token = { fencing_token: task.fencing_token };
    const beat = await api.call(organization, "POST", `/annotations/tasks/${task.id}/heartbeat`, {
      as: "annotator",
      body: token,
    });
    expect(beat).toMatchObject({ status: 200, body: { id: task.id, fencing_token: task.fencing_token } });
    const queue = await api.call<{ data: unknown[] }>(organization, "GET", "/annotations/queue?state=all", {
      as: "viewer",
    });
    expect(queue.body.data).toHaveLength(1);
    expect(queue.body.data[0]).not.toHaveProperty("fencing_token");
    const submitted = await api.call<SubmittedAnnotation>(organization, "POST", "/annotations", {
      as: "annotator",
      body: { ...judgement(example.id), ...token, task_id: task.id },
    });
    expect(submitted).toMatchObject({
      status: 201,
      body: { example: { review_status: "approved" }, outstanding: 0 },
    });
    const path = `/annotations/${submitted.body.annotation.id}/verify`;
    expect((await api.call(organization, "POST", path, { as: "annotator" })).status).toBe(403);
    expect((await api.call(organization, "POST", path, { as: "secret" })).status).toBe(403);
    const verified = await api.call<Annotation>(organization, "POST", path, { as: "reviewer" });
    expect(verified).toMatchObject({ status: 200, body: { is_verified: true } });
    const empty = await api.call(organization, "POST", "/annotations/claim", { as: "annotator", body: {} });
    expect(empty).toMatchObject({ status: 204, body: {} });
    const statistics = await api.call(organization, "GET", "/annotations/stats?agent_id=my-agent", {
      as: "viewer",
    });
    expect(statistics).toMatchObject({ status: 200, body: { pending: 0, claimed: 0, completed_today: 1 } });
  });

  it("gives a repeated call with an Idempotency-Key its first answer", async () => {
    const desk = await openDesk(suite.database, { policy: ONE_SLOT });
    for (let index = 0; index < 3; index += 1) await supply(desk);
    const call = { as: "annotator", body: {}, headers: { "idempotency-key": newId() } } as const;
    const first = await api.call<ClaimedAnnotation>(desk.organization, "POST", "/annotations/claim", call);
    const again = await api.call<ClaimedAnnotation>(desk.organization, "POST", "/annotations/claim", call);
    expect(again.body).toEqual(first.body);
    const body = judgement(first.body.example.id);
    const submit = { as: "annotator", body, headers: { "idempotency-key": newId() } } as const;
    const stored = await api.call(desk.organization, "POST", "/annotations", submit);
    expect(stored.status).toBe(201);
    expect(await api.call(desk.organization, "POST", "/annotations", submit)).toMatchObject({
      status: 201,
      body: stored.body,
    });
  });

  describe("bad input", () => {
    it.each<[string, object, string]>([
      ["no example", { learning_example_id: undefined }, "body.learning_example_id"],
      ["example that is no UUID", { learning_example_id: "7" }, "body.learning_example_id"],
      ["unknown decision", { decision: "maybe" }, "body.decision"],
      ["unknown type", { annotation_type: "verification" }, "body.annotation_type"],
      ["approval without a dimension", { clarity: undefined }, "body.clarity"],
      ["dimension above 1", { completeness: 1.01 }, "body.completeness"],
      ["dimension below 0", { technical_accuracy: -0.1 }, "body.technical_accuracy"],
      ["dimension that is text", { professional_quality: "0.5" }, "body.professional_quality"],
      ["empty correction", { corrected_output: "" }, "body.corrected_output"],
      ["token without task", { fencing_token: 1 }, "body.task_id"],
      ["task without token", { task_id: newId() }, "body.fencing_token"],
      ["lone surrogate", { notes: "\ud800" }, "body.notes"],
    ])("400: %s", async (_name, change, path) => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const example = await supply(desk);
      const body = { ...judgement(example.id), ...change };
      const answer = await api.call<Problem>(desk.organization, "POST", "/annotations", {
        as: "annotator",
        body,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.errors?.map((error) => error.path)).toContain(path);
      const list = await api.call<{ data: unknown[] }>(desk.organization, "GET", "/annotations", {
        as: "annotator",
      });
      expect(list.body.data).toEqual([]);
    });

    it("404, 409 and 422 for what is not there or has moved on", async () => {
      const desk = await openDesk(suite.database, { policy: ONE_SLOT });
      const theirs = await supply(await openDesk(suite.database));
      const mine = await supply(desk);
      const status = async (path: string, body?: object): Promise<number> =>
        (
          await api.call(desk.organization, "POST", path, {
            as: "reviewer",
            ...(body === undefined ? {} : { body }),
          })
        ).status;
      expect(await status("/annotations", judgement(theirs.id))).toBe(422);
      expect(
        await status("/annotations", { ...judgement(mine.id), task_id: newId(), fencing_token: 1 }),
      ).toBe(422);
      const { task } = await claim(desk);
      const stolen = { ...judgement(mine.id), task_id: task.id, fencing_token: task.fencing_token };
      expect(await status("/annotations", stolen)).toBe(409);
      expect(await status(`/annotations/${newId()}/verify`)).toBe(404);
      expect(await status(`/annotations/tasks/${newId()}/release`, { fencing_token: 1 })).toBe(404);
      expect(
        await status(`/annotations/tasks/${task.id}/release`, { fencing_token: task.fencing_token }),
      ).toBe(409);
      expect(await status("/annotations/claim", { agent_id: "no-agent" })).toBe(404);
    });

    it("400 for leases and lists that make no sense", async () => {
      const { organization } = await openDesk(suite.database);
      const post = async (path: string, body: object): Promise<number> =>
        (await api.call(organization, "POST", path, { as: "annotator", body })).status;
      expect(await post("/annotations/claim", { lease_seconds: 0 })).toBe(400);
      expect(await post("/annotations/claim", { lease_seconds: 1e9 })).toBe(400);
      expect(await post("/annotations/claim", { example_type: "all" })).toBe(400);
      expect(await post(`/annotations/tasks/${newId()}/heartbeat`, {})).toBe(400);
      expect(await post("/annotations/tasks/1/heartbeat", { fencing_token: 1 })).toBe(400);
      for (const query of ["state=mine", "limit=0", "limit=201", "cursor=x", "kind=gold"])
        expect((await api.call(organization, "GET", `/annotations/queue?${query}`)).status).toBe(400);
      expect((await api.call(organization, "GET", "/annotations?is_verified=perhaps")).status).toBe(400);
    });

    it("403 for viewers and machines where a person judges", async () => {
      const desk = await openDesk(suite.database);
      const example = await supply(desk);
      for (const as of ["viewer", "secret", "publishable"] as const)
        for (const [path, body] of [
          ["/annotations", judgement(example.id)],
          ["/annotations/claim", {}],
        ] as const)
          expect((await api.call(desk.organization, "POST", path, { as, body })).status).toBe(403);
    });
  });
});

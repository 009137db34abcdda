import type { AgentVersion, Rollout } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestVersions } from "../../evaluation/traffic.testing.ts";
import { type ApiAnswer, createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { rolloutActions, type Setting } from "./rollout-actions.testing.ts";

describeEachEngine("rollouts promoted by people", (suite) => {
  let api: TestApi;
  const { create, command, started, read, serving, send, sweep, audited } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  const promote = async (
    { organization, rollout }: Pick<Setting, "organization" | "rollout">,
    {
      as = "reviewer",
      version = 2,
      ...body
    }: {
      as?: "reviewer" | "admin" | "annotator" | "secret";
      version?: number | null;
      [key: string]: unknown;
    } = {},
  ): Promise<ApiAnswer<Rollout & { detail: string; errors: { path: string; message: string }[] }>> =>
    api.call(organization, "POST", `/rollouts/${rollout.id}/promote`, {
      as,
      body: { reason: "the fix is urgent", ...body },
      ...(version === null ? {} : { headers: { "if-match": `"${version}"` } }),
    });

  it("goes to the next stage before its time, with the reason, the evidence and an audit row", async () => {
    const setting = await started();
    const promoted = await promote(setting);
    expect(promoted).toMatchObject({
      status: 200,
      body: { status: "running", stage: 1, share: 0.25, version: 3 },
    });
    expect(promoted.headers.etag).toBe('"3"');
    const { history } = await read(setting);
    expect(history.at(-1)).toMatchObject({
      event: "promoted",
      reason: "the fix is urgent",
      actor_kind: "user",
      actor_id: setting.organization.members.reviewer.id,
      evidence: { promoted_from: 0, verdict: "HOLD", guardrails: [{ name: "error_rate" }] },
    });
    expect(await audited(setting.organization, setting.rollout.id)).toEqual([
      "rollout.created",
      "rollout.started",
      "rollout.promoted",
    ]);
    // The stage that it went to has its whole time before it.
    await setClock(suite.database, "47 hours");
    await sweep(setting);
    expect(await read(setting)).toMatchObject({ stage: 1, why: { verdict: "HOLD" } });
  });

  it("skips to everybody when the last stage is named: the candidate is the new baseline", async () => {
    const setting = await started();
    const promoted = await promote(setting, { stage: 2 });
    expect(promoted.body).toMatchObject({ status: "completed", share: 1, stage: 2 });
    expect(await serving(setting.organization)).toMatchObject({
      default_version_id: setting.treatment.id,
      split: null,
    });
    expect((await read(setting)).history.at(-1)).toMatchObject({
      event: "completed",
      reason: "the fix is urgent",
      actor_kind: "user",
    });
    expect((await promote(setting, { version: 3 })).status).toBe(409);
  });

  it("is a reviewer's, not of who created the rollout or made the version, and of no machine", async () => {
    const setting = await started();
    expect((await promote(setting, { as: "annotator" })).status).toBe(403);
    expect((await promote(setting, { as: "secret" })).status).toBe(403);
    const versions = await createTestVersions(api, suite.database, {
      guardrails: { required: ["error_rate"] },
    });
    const { organization } = versions;
    const own = await api.call<AgentVersion>(organization, "POST", "/agents/my-agent/versions", {
      as: "reviewer",
      body: { config: { components: { system_prompt: "Answer." }, retrieval: { k: 9 } } },
    });
    const created = await create(versions, { candidate_version_id: own.body.id });
    await command(organization, created.body.id, "start", "secret");
    const refused = await promote({ organization, rollout: created.body });
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("Ask another reviewer") },
    });
    expect((await promote({ organization, rollout: created.body }, { as: "admin" })).status).toBe(200);
    await command(organization, created.body.id, "abort");
    const byReviewer = await api.call<Rollout>(organization, "POST", "/rollouts", {
      as: "reviewer",
      body: { agent_id: "my-agent", candidate_version_id: versions.treatment.id },
    });
    await command(organization, byReviewer.body.id, "start", "secret");
    expect((await promote({ organization, rollout: byReviewer.body })).status).toBe(403);
  });

  it("overrules no broken guardrail, no lost units and no rejection", async () => {
    const broken = await started();
    await send(broken, { candidate: { units: 200, errorRate: 0.5 }, control: { units: 200 } });
    const refused = await promote(broken);
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/candidate units failed/) },
    });
    await sweep(broken);
    expect((await read(broken)).status).toBe("rolled_back");

    const lost = await started();
    await send(lost, { candidate: { units: 900 }, control: { units: 400 } });
    expect(await promote(lost)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("units are lost") },
    });

    const rejected = await started();
    await api.call(
      rejected.organization,
      "POST",
      `/agents/my-agent/versions/${rejected.treatment.id}/review`,
      { as: "reviewer", body: { decision: "reject" } },
    );
    expect(await promote(rejected)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "requirements.version_rejected" }] },
    });
    await sweep(rejected);
    expect(await read(rejected)).toMatchObject({
      status: "rolled_back",
      share: 0,
      rollback_reason: "A reviewer rejected this version while it was being rolled out.",
    });
  });

  it("refuses what cannot be: a stage that is not ahead, a paused rollout, no reason, a stale or missing ETag", async () => {
    const setting = await started();
    const { organization, rollout } = setting;
    for (const stage of [3, 19]) {
      const refused = await promote(setting, { stage });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "body.stage" }] } });
      expect(refused.body.detail).toContain("the last one is 2");
    }
    expect((await promote(setting, { stage: 0 })).status).toBe(400);
    expect((await promote(setting, { reason: " " })).status).toBe(400);
    expect((await promote(setting, { version: null })).status).toBe(428);
    expect((await promote(setting, { version: 1 })).status).toBe(412);
    await command(organization, rollout.id, "pause");
    expect(await promote(setting, { version: 3 })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("Resume it first") },
    });
    expect(await read(setting)).toMatchObject({ stage: 0, share: 0.05 });
  });

  it("skips one stage when two people promote at the same moment", async () => {
    const setting = await started();
    const answers = await Promise.all([promote(setting), promote(setting, { as: "admin" })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    expect(await read(setting)).toMatchObject({ stage: 1, version: 3 });
  });

  describe("other commands", () => {
    it("honour If-Match where it is sent, and carry the ETag", async () => {
      const setting = await started();
      const path = `/rollouts/${setting.rollout.id}`;
      const shown = await api.call(setting.organization, "GET", path);
      expect(shown.headers.etag).toBe('"2"');
      const stale = await api.call(setting.organization, "POST", `${path}/pause`, {
        as: "reviewer",
        body: {},
        headers: { "if-match": '"1"' },
      });
      expect(stale.status).toBe(412);
      const paused = await api.call(setting.organization, "POST", `${path}/pause`, {
        as: "reviewer",
        body: {},
        headers: { "if-match": '"2"' },
      });
      expect([paused.status, paused.headers.etag]).toEqual([200, '"3"']);
    });
  });

  describe("another attempt", () => {
    it("of a version that was rolled back needs a new approval, and has a smaller level", async () => {
      const setting = await started();
      const { organization, treatment } = setting;
      await send(setting, { candidate: { units: 200, errorRate: 0.5 }, control: { units: 200 } });
      await sweep(setting);
      const again = await create(setting);
      expect(again.body.requirements.map((one) => one.name)).toEqual(["rolled_back_before"]);
      expect(await command(organization, again.body.id, "start")).toMatchObject({
        status: 422,
        body: { errors: [{ path: "requirements.rolled_back_before" }] },
      });
      await api.call(organization, "POST", `/agents/my-agent/versions/${treatment.id}/review`, {
        as: "reviewer",
        body: { decision: "approve", notes: "the provider was down" },
      });
      const retried = await command(organization, again.body.id, "start");
      expect(retried.body).toMatchObject({ status: "running", attempt: 2 });
      expect(retried.body.significance_level).toBeCloseTo(setting.rollout.significance_level / 4, 12);
    });

    it("in another environment is a first one", async () => {
      const setting = await started();
      await command(setting.organization, setting.rollout.id, "abort");
      await api.call(setting.organization, "POST", "/agents/my-agent/serving", {
        body: { version_id: setting.control.id, environment: "staging" },
      });
      expect((await create(setting, { environment: "staging" })).body.attempt).toBe(1);
      expect((await create(setting)).body.attempt).toBe(2);
    });
  });
});

import type { Experiment, ServingConfiguration } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import type { DecidedExperiment } from "../experiment-observer.ts";
import { experimentActions } from "./experiment-actions.testing.ts";
import { withTenant } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestOrganization } from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { createTestVersions, type TestVersions } from "../traffic.testing.ts";
import { draftExperimentObserver } from "./create-draft-experiment.ts";

describeEachEngine("experiments", (suite) => {
  let api: TestApi;
  const { create, patch, running, results } = experimentActions(
    () => api,
    () => suite.database,
  );
  const decided: DecidedExperiment[] = [];
  beforeAll(() => {
    const observer = {
      experimentDecided: async (_ctx: unknown, experiment: DecidedExperiment) =>
        void decided.push(experiment),
    };
    api = createTestApi(suite.database, { evidenceObservers, experimentObservers: [observer] });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  describe("life", () => {
    it("begins as a draft with the policy's rules, and is listed", async () => {
      const versions = await createTestVersions(api, suite.database);
      const created = await create(versions, {
        control_config: { version_id: versions.control.id, note: "kept" },
      });
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({
        status: "draft",
        control_config: { version_id: versions.control.id, note: "kept" },
        control_percentage: 50,
        min_duration_hours: 168,
        min_sample_size: 1000,
        significance_level: 0.05,
        statistical_significance: null,
        winner: null,
        missing: ["The experiment has not been started."],
      });
      const page = await api.call<{ data: Experiment[] }>(
        versions.organization,
        "GET",
        "/experiments/my-agent",
      );
      expect(page.body.data).toEqual([created.body]);
      const none = await api.call<{ data: Experiment[] }>(
        versions.organization,
        "GET",
        "/experiments/my-agent?status=running",
      );
      expect(none.body.data).toEqual([]);
    });

    it("splits the traffic while it runs, and only then", async () => {
      const setting = await running({ control_percentage: 20, treatment_percentage: 20 });
      const split = async () =>
        (await api.call<ServingConfiguration>(setting.organization, "GET", "/agents/my-agent/serving")).body
          .split;
      expect(await split()).toMatchObject({
        kind: "experiment",
        id: setting.experiment.id,
        arms: [
          { name: "control", version_id: setting.control.id, start: 0, end: 0.2 },
          { name: "treatment", version_id: setting.treatment.id, start: 0.5, end: 0.7 },
        ],
      });
      const paused = await patch(setting.organization, setting.experiment, { status: "paused" });
      expect(await split()).toBeNull();
      const resumed = await patch(setting.organization, paused.body, { status: "running" });
      expect(await split()).not.toBeNull();
      expect(resumed.body.started_at).toBe(setting.experiment.started_at);
      const stopped = await patch(setting.organization, resumed.body, { status: "stopped" });
      expect(stopped.body).toMatchObject({ status: "stopped", winner: "none" });
      expect(await split()).toBeNull();
    });

    it("does not count the time that it was paused", async () => {
      const setting = await running();
      await setClock(suite.database, "10 hours");
      const paused = await patch(setting.organization, setting.experiment, { status: "paused" });
      await setClock(suite.database, "110 hours");
      await patch(setting.organization, paused.body, { status: "running" });
      await setClock(suite.database, "115 hours");
      const { running_hours: hours } = await results(setting.organization, setting.experiment.id);
      expect(hours).toBeCloseTo(15, 1);
    });

    it("needs the ETag that was read", async () => {
      const setting = await running();
      const path = `/experiments/${setting.experiment.id}`;
      const without = await api.call(setting.organization, "PATCH", path, { body: { status: "paused" } });
      expect(without.status).toBe(428);
      const stale = await patch(
        setting.organization,
        { ...setting.experiment, revision: 1 },
        { status: "paused" },
      );
      expect(stale.status).toBe(412);
      const read = await api.call(setting.organization, "GET", `/experiments/by-id/${setting.experiment.id}`);
      expect(read.headers.etag).toBe('"2"');
    });

    it("goes from status to status only as allowed, and ends with its decision", async () => {
      const setting = await running();
      const { organization } = setting;
      const decision = { decision: "keep_control", decision_notes: "not worth it" } as const;
      const ended = await patch(organization, setting.experiment, decision);
      expect(ended.body).toMatchObject({
        status: "decided",
        decision: "keep_control",
        decision_notes: "not worth it",
        decided_by: organization.members.reviewer.id,
        winner: "none",
      });
      for (const change of [{ status: "running" }, { status: "stopped" }] as const) {
        expect((await patch(organization, ended.body, change)).status).toBe(409);
      }
      expect(decided.at(-1)).toMatchObject({
        id: setting.experiment.id,
        decision: "keep_control",
        winner: "none",
      });
      const audited = await withTenant(suite.database.kysely, organization.id, (tx) =>
        tx
          .selectFrom("audit_log")
          .select("action")
          .where("entity_id", "=", setting.experiment.id)
          .orderBy("sequence")
          .execute(),
      );
      expect(audited.map((row) => row.action)).toEqual([
        "experiment.created",
        "experiment.started",
        "experiment.decided",
      ]);
    });
  });

  describe("refusals", () => {
    it.each([
      [
        "the same version twice",
        (v: TestVersions) => ({ treatment_config: { version_id: v.control.id } }),
        422,
      ],
      ["an unknown version", () => ({ treatment_config: { version_id: newId() } }), 422],
      ["percentages above 100", () => ({ control_percentage: 60, treatment_percentage: 60 }), 422],
      ["an arm without units", () => ({ treatment_percentage: 0 }), 422],
      ["fewer units than the policy", () => ({ min_sample_size: 999 }), 422],
      ["fewer hours than the policy", () => ({ min_duration_hours: 1 }), 422],
      ["a larger alpha than the policy", () => ({ significance_level: 0.06 }), 422],
      ["an unknown metric", () => ({ primary_metric: "charm" }), 422],
      ["an unknown agent", () => ({ agent_id: "nobody" }), 404],
    ])("creates none with %s", async (_name, change, status) => {
      const versions = await createTestVersions(api, suite.database);
      expect((await create(versions, change(versions))).status).toBe(status);
    });

    it("starts none beside another split, with a control that does not serve, or with a rejected treatment", async () => {
      const setting = await running();
      const second = await create(setting);
      const blocked = await patch(setting.organization, second.body, { status: "running" });
      expect(blocked).toMatchObject({ status: 422, body: { errors: [{ path: "body.status" }] } });

      const swapped = await createTestVersions(api, suite.database);
      const reversed = await create(swapped, {
        control_config: { version_id: swapped.treatment.id },
        treatment_config: { version_id: swapped.control.id },
      });
      expect((await patch(swapped.organization, reversed.body, { status: "running" })).status).toBe(409);

      const path = `/agents/my-agent/versions/${swapped.treatment.id}/review`;
      await api.call(swapped.organization, "POST", path, { as: "reviewer", body: { decision: "reject" } });
      const rejected = await create(swapped);
      expect((await patch(swapped.organization, rejected.body, { status: "running" })).status).toBe(422);
    });

    it("lets no machine key start or decide, and shows nothing to another organization", async () => {
      const setting = await running();
      const stranger = await createTestOrganization(suite.database);
      const path = `/experiments/${setting.experiment.id}`;
      const machine = await api.call(setting.organization, "PATCH", path, {
        as: "secret",
        headers: { "if-match": '"2"' },
        body: { decision: "deploy_treatment" },
      });
      expect(machine.status).toBe(403);
      expect((await patch(stranger, setting.experiment, { status: "paused" })).status).toBe(404);
      const read = `/experiments/by-id/${setting.experiment.id}/results`;
      expect((await api.call(stranger, "GET", read)).status).toBe(404);
    });

    it("starts one of many at the same moment", async () => {
      const versions = await createTestVersions(api, suite.database);
      const drafts = await Promise.all(Array.from({ length: 6 }, () => create(versions)));
      const answers = await Promise.all(
        drafts.map((draft) => patch(versions.organization, draft.body, { status: "running" })),
      );
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5);
    });
  });

  it("drafts itself for a candidate that passed its gate, once", async () => {
    const versions = await createTestVersions(api, suite.database);
    const ctx = createTestContext(api.services, versions.organization, "secret");
    const ready = (candidateVersionId: string) =>
      ctx.transact(async (tenant) => {
        const runId = newId();
        await tenant.tx
          .insertInto("training_runs")
          .values({
            organization_id: versions.organization.id,
            id: runId,
            name: "run",
            agent_id: versions.agentId,
            training_type: "prompt_optimization",
            config: "{}" as never,
          })
          .execute();
        await draftExperimentObserver.candidateReady(tenant, {
          agentId: versions.agentId,
          candidateVersionId,
          baselineVersionId: versions.control.id,
          trainingRunId: runId,
          verdict: "send_to_experiment",
          reasons: ["Better on 40 held-out examples.", "Nothing pinned breaks."],
        });
        return runId;
      });
    const runId = await ready(versions.treatment.id);
    await ready(versions.treatment.id);
    await ready(versions.control.id);
    const page = await api.call<{ data: Experiment[] }>(
      versions.organization,
      "GET",
      "/experiments/my-agent",
    );
    expect(page.body.data).toHaveLength(1);
    expect(page.body.data[0]).toMatchObject({
      name: "Version 2 against version 1",
      status: "draft",
      description: "Better on 40 held-out examples. Nothing pinned breaks.",
      training_run_id: runId,
      created_by: null,
    });
  });
});

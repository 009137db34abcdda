import type { AgentVersion, Experiment, Rollout, ServingConfiguration } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { rolloutActions } from "./rollout-actions.testing.ts";
import { experimentSchedule } from "../../evaluation/experiments/index.ts";
import { createTestVersions, record, trafficOf } from "../../evaluation/traffic.testing.ts";
import { newId } from "../../new-id.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { stageCandidate } from "./stage-candidate.ts";

describeEachEngine("rollouts and people", (suite) => {
  let api: TestApi;
  const { create, command, started, read, serving, send, sweep, audited } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers, experimentObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  describe("people", () => {
    it("pause: nothing moves it, not even a breach; resume: it goes on, the pause not counted", async () => {
      const setting = await started();
      const { organization } = setting;
      await setClock(suite.database, "10 hours");
      expect((await command(organization, setting.rollout.id, "pause")).body).toMatchObject({
        status: "paused",
        share: 0.05,
      });
      expect((await serving(organization)).split).toMatchObject({ share: 0.05 });
      await send(setting, { candidate: { units: 300, errorRate: 0.5 }, control: { units: 300 } });
      await setClock(suite.database, "90 hours");
      await sweep(setting);
      expect((await read(setting)).status).toBe("paused");
      const resumed = await command(organization, setting.rollout.id, "resume");
      const start = Date.parse(setting.rollout.stage_started_at ?? "");
      expect((Date.parse(resumed.body.stage_started_at ?? "") - start) / 3_600_000).toBeCloseTo(80, 1);
      await sweep(setting);
      expect((await read(setting)).status).toBe("rolled_back");
      const actions = await audited(organization, setting.rollout.id);
      expect(actions.slice(2)).toEqual(["rollout.paused", "rollout.resumed", "rollout.rolled_back"]);
    });

    it("abort: everybody is back on the baseline at once, for good", async () => {
      const setting = await started();
      const { organization, rollout } = setting;
      const aborted = await api.call<Rollout>(organization, "POST", `/rollouts/${rollout.id}/abort`, {
        as: "reviewer",
        body: { reason: "wrong tone" },
      });
      expect(aborted.body).toMatchObject({ status: "aborted", share: 0 });
      expect((await serving(organization)).split).toBeNull();
      expect((await read(setting)).history.at(-1)).toMatchObject({
        event: "aborted",
        reason: "wrong tone",
        actor_kind: "user",
        actor_id: organization.members.reviewer.id,
      });
      expect((await command(organization, rollout.id, "abort")).status).toBe(409);
    });

    it("only people: no machine key pauses, resumes or aborts", async () => {
      const { organization, rollout } = await started();
      for (const name of ["pause", "resume", "abort"]) {
        expect((await command(organization, rollout.id, name, "secret")).status).toBe(403);
      }
    });
  });

  describe("human review", () => {
    const version = async (organization: TestOrganization, config: object): Promise<AgentVersion> =>
      (
        await api.call<AgentVersion>(organization, "POST", "/agents/my-agent/versions", {
          as: "secret",
          body: { config },
        })
      ).body;
    const reviewed = (organization: TestOrganization, id: string, decision: "approve" | "reject") =>
      api.call(organization, "POST", `/agents/my-agent/versions/${id}/review`, {
        as: "reviewer",
        body: { decision },
      });

    it("is needed for a prompt change that nobody measured; approval lets it start", async () => {
      const versions = await createTestVersions(api, suite.database);
      const candidate = await version(versions.organization, { components: { system_prompt: "Other." } });
      const created = await create(versions, { candidate_version_id: candidate.id });
      expect(created).toMatchObject({
        status: 201,
        body: { requirements: [{ name: "prompt_change_not_measured" }] },
      });
      const refused = await command(versions.organization, created.body.id, "start");
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ path: "requirements.prompt_change_not_measured" }] },
      });
      await reviewed(versions.organization, candidate.id, "approve");
      expect((await command(versions.organization, created.body.id, "start")).status).toBe(200);
    });

    it("is needed for every adapter, and a rejected version is refused whatever it changes", async () => {
      const versions = await createTestVersions(api, suite.database);
      const tuned = await version(versions.organization, {
        components: { system_prompt: "Answer." },
        adapter: { path: "lora" },
      });
      const created = await create(versions, { candidate_version_id: tuned.id });
      expect(created.body.requirements.map((requirement) => requirement.name)).toEqual(["fine_tuning"]);
      await reviewed(versions.organization, tuned.id, "reject");
      const refused = await command(versions.organization, created.body.id, "start");
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ path: "requirements.version_rejected" }] },
      });
      expect((await create(versions, { candidate_version_id: tuned.id })).status).toBe(422);
    });

    it("is needed when the experiment was not significant", async () => {
      const versions = await createTestVersions(api, suite.database);
      const experiment = await api.call<Experiment>(versions.organization, "POST", "/experiments", {
        body: {
          agent_id: "my-agent",
          name: "short",
          control_config: { version_id: versions.control.id },
          treatment_config: { version_id: versions.treatment.id },
        },
      });
      const created = await create(versions, { experiment_id: experiment.body.id });
      const refused = await command(versions.organization, created.body.id, "start");
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ path: "requirements.experiment_not_significant" }] },
      });
    });
  });

  describe("refusals", () => {
    it("need a version in service, another candidate, and the agent's own versions", async () => {
      const versions = await createTestVersions(api, suite.database);
      expect((await create(versions, { candidate_version_id: versions.control.id })).status).toBe(422);
      expect((await create(versions, { candidate_version_id: newId() })).status).toBe(422);
      expect((await create(versions, { environment: "staging" })).status).toBe(422);
      expect((await create(versions, { experiment_id: newId() })).status).toBe(422);
      expect((await create(versions, { agent_id: "nobody" })).status).toBe(404);
    });

    it("start no second split", async () => {
      const setting = await started();
      const third = await api.call<AgentVersion>(setting.organization, "POST", "/agents/my-agent/versions", {
        as: "secret",
        body: { config: { components: { system_prompt: "Answer." }, retrieval: { k: 3 } } },
      });
      const second = await create(setting, { candidate_version_id: third.body.id });
      expect((await command(setting.organization, second.body.id, "start")).status).toBe(409);
    });

    it("show another organization nothing", async () => {
      const setting = await started();
      const stranger = await createTestOrganization(suite.database);
      expect((await api.call(stranger, "GET", `/rollouts/${setting.rollout.id}`)).status).toBe(404);
      expect((await api.call(stranger, "GET", `/rollouts/${setting.rollout.id}/events`)).status).toBe(404);
      expect((await command(stranger, setting.rollout.id, "abort")).status).toBe(404);
      expect((await api.call<{ data: unknown[] }>(stranger, "GET", "/rollouts")).body.data).toEqual([]);
      const own = await api.call<{ data: Rollout[] }>(
        setting.organization,
        "GET",
        "/rollouts?agent_id=my-agent",
      );
      expect(own.body.data.map((one) => one.id)).toEqual([setting.rollout.id]);
    });
  });

  it("follows from an experiment that the treatment wins, by itself", async () => {
    const versions = await createTestVersions(api, suite.database, {});
    const { organization } = versions;
    const created = await api.call<Experiment>(organization, "POST", "/experiments", {
      body: {
        agent_id: "my-agent",
        name: "winner",
        control_config: { version_id: versions.control.id },
        treatment_config: { version_id: versions.treatment.id },
        primary_metric: "task_completion",
      },
    });
    await api.call(organization, "PATCH", `/experiments/${created.body.id}`, {
      as: "reviewer",
      headers: { "if-match": '"1"' },
      body: { status: "running" },
    });
    const split = { kind: "experiment" as const, id: created.body.id };
    const arms = [
      { arm: "control", versionId: versions.control.id, units: 1100, completionRate: 0.6 },
      { arm: "treatment", versionId: versions.treatment.id, units: 1100, completionRate: 0.78 },
    ];
    await record(api, organization, trafficOf({ split, arms }));
    await setClock(suite.database, "169 hours");
    await experimentSchedule.sweep(api.services, organization.id);
    const rollouts = await api.call<{ data: Rollout[] }>(organization, "GET", "/rollouts");
    expect(rollouts.body.data).toMatchObject([
      {
        status: "running",
        experiment_id: created.body.id,
        candidate_version_id: versions.treatment.id,
        share: 0.05,
      },
    ]);
    expect((await serving(organization)).split).toMatchObject({ kind: "rollout" });
  });

  it("puts a candidate that passed its gate on staging", async () => {
    const versions = await createTestVersions(api, suite.database);
    const ctx = createTestContext(api.services, versions.organization, "secret");
    await ctx.transact((tenant) =>
      stageCandidate.candidateReady(tenant, {
        agentId: versions.agentId,
        candidateVersionId: versions.treatment.id,
        baselineVersionId: versions.control.id,
        trainingRunId: newId(),
        verdict: "promote",
        reasons: [],
      }),
    );
    const staged = await api.call<ServingConfiguration>(
      versions.organization,
      "GET",
      "/agents/my-agent/serving?environment=staging",
    );
    expect(staged.body.default_version_id).toBe(versions.treatment.id);
  });
});

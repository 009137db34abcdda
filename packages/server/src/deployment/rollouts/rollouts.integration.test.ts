import type {
  AgentVersion,
  Experiment,
  Rollout,
  RolloutDetails,
  ServingConfiguration,
} from "@agent-learning/contract";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { experimentSchedule } from "../../evaluation/experiments/index.ts";
import {
  type ArmTraffic,
  createTestVersions,
  record,
  type TestVersions,
  type Traffic,
  trafficOf,
} from "../../evaluation/traffic.testing.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { advanceRollout } from "./advance-rollout.ts";
import { rolloutSchedule } from "./schedule.ts";
import { stageCandidate } from "./stage-candidate.ts";
import { compareAndSet, insertEvent, selectRollout } from "./store.ts";

type Setting = TestVersions & { rollout: Rollout };

const ERRORS_ONLY = { guardrails: { required: ["error_rate"] } };

describeEachEngine("rollouts", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers, experimentObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  const create = (versions: TestVersions, change: object = {}) =>
    api.call<RolloutDetails>(versions.organization, "POST", "/rollouts", {
      as: "secret",
      body: { agent_id: "my-agent", candidate_version_id: versions.treatment.id, ...change },
    });
  const command = (
    organization: TestOrganization,
    id: string,
    name: string,
    as: "reviewer" | "secret" = "reviewer",
  ) => api.call<Rollout>(organization, "POST", `/rollouts/${id}/${name}`, { as, body: {} });
  const started = async (policy: object = ERRORS_ONLY): Promise<Setting> => {
    const versions = await createTestVersions(api, suite.database, policy);
    const created = await create(versions);
    const start = await command(versions.organization, created.body.id, "start", "secret");
    if (start.status !== 200) throw new Error(JSON.stringify(start.body));
    return { ...versions, rollout: start.body };
  };
  const read = async ({ organization, rollout }: Setting): Promise<RolloutDetails> =>
    (await api.call<RolloutDetails>(organization, "GET", `/rollouts/${rollout.id}`, { as: "viewer" })).body;
  const serving = async (organization: TestOrganization): Promise<ServingConfiguration> =>
    (await api.call<ServingConfiguration>(organization, "GET", "/agents/my-agent/serving", { as: "secret" }))
      .body;
  const send = async (
    setting: Setting,
    arms: Partial<Record<"candidate" | "control", Omit<ArmTraffic, "arm" | "versionId">>>,
    change: Partial<Traffic> = {},
  ) => {
    const traffic = trafficOf({
      split: { kind: "rollout", id: setting.rollout.id },
      arms: Object.entries(arms).map(([arm, one]) => ({
        arm,
        versionId: arm === "candidate" ? setting.treatment.id : setting.control.id,
        ...one,
      })),
      ...change,
    });
    await record(api, setting.organization, traffic);
    return traffic;
  };
  const sweep = ({ organization }: Pick<Setting, "organization">) =>
    rolloutSchedule.sweep(api.services, organization.id);
  const audited = (organization: TestOrganization, id: string) =>
    withTenant(suite.database.kysely, organization.id, (tx) =>
      tx
        .selectFrom("audit_log")
        .select(["action", "data"])
        .where("entity_id", "=", id)
        .orderBy("sequence")
        .execute(),
    );

  describe("the way to everybody", () => {
    it("goes 5 % for 24 h, 25 % for 48 h, 100 %, one stage at a time however overdue, each step audited", async () => {
      const setting = await started();
      const { organization } = setting;
      expect(setting.rollout).toMatchObject({ status: "running", stage: 0, share: 0.05, attempt: 1 });
      expect((await serving(organization)).split).toMatchObject({
        kind: "rollout",
        id: setting.rollout.id,
        stage: 0,
        share: 0.05,
        arms: [
          { name: "candidate", version_id: setting.treatment.id, start: 0, end: 0.05 },
          { name: "control", version_id: setting.control.id, start: 0.95, end: 1 },
        ],
      });
      const healthy = {
        candidate: { units: 260, errorRate: 0.005 },
        control: { units: 260, errorRate: 0.01 },
      };
      await send(setting, healthy, { prefix: "a" });
      await sweep(setting);
      expect(await read(setting)).toMatchObject({
        status: "running",
        stage: 0,
        why: { verdict: "HOLD", reason: expect.stringContaining("of 24 h at 5.0 % are over") },
      });

      // Days late, and then twice in a row: one stage.
      await setClock(suite.database, "100 hours");
      await send(setting, { candidate: { units: 20 }, control: { units: 20 } }, { prefix: "b" });
      await sweep(setting);
      await sweep(setting);
      const second = await read(setting);
      expect(second).toMatchObject({ status: "running", stage: 1, share: 0.25, why: { verdict: "HOLD" } });
      expect((await serving(organization)).split).toMatchObject({
        stage: 1,
        arms: [{ end: 0.25 }, { start: 0.75 }],
      });

      await setClock(suite.database, "147.9 hours");
      await send(setting, { candidate: { units: 20 }, control: { units: 20 } }, { prefix: "c" });
      await sweep(setting);
      expect((await read(setting)).stage).toBe(1);
      await setClock(suite.database, "148.1 hours");
      await sweep(setting);
      const done = await read(setting);
      expect(done).toMatchObject({ status: "completed", share: 1, stage: 2 });
      expect(done.history.map((event) => event.event)).toEqual([
        "created",
        "started",
        "advanced",
        "completed",
      ]);
      expect(done.history.map((event) => event.version)).toEqual([1, 2, 3, 4]);
      expect(done.history[2]?.evidence).toMatchObject({
        verdict: "ADVANCE",
        guardrails: [{ name: "error_rate" }],
      });
      const after = await serving(organization);
      expect(after).toMatchObject({ default_version_id: setting.treatment.id, split: null });
      const pointer = await api.call(organization, "POST", "/agents/my-agent/serving/revert", {
        as: "reviewer",
        body: { reason: "second thoughts" },
      });
      expect(pointer.body).toMatchObject({ version_id: setting.control.id });
      const actions = (await audited(organization, setting.rollout.id)).map((row) => row.action);
      expect(actions).toEqual([
        "rollout.created",
        "rollout.started",
        "rollout.advanced",
        "rollout.completed",
      ]);
    });

    it("needs errors, votes and latency where the policy names them, and advances when all are kept", async () => {
      const setting = await started({});
      const latency = (random: { uniform(): number }) => 200 + 100 * random.uniform();
      const arms = { candidate: { units: 300, latency }, control: { units: 300, latency } };
      const traffic = await send(setting, arms, { prefix: "a" });
      await setClock(suite.database, "24 hours");
      await send(
        setting,
        { candidate: { units: 100, latency }, control: { units: 100, latency } },
        { prefix: "b" },
      );
      await sweep(setting);
      expect((await read(setting)).why).toMatchObject({
        verdict: "HOLD",
        reason: expect.stringContaining("Too few candidate units with satisfaction: 0 of 200"),
      });
      const outcomes = traffic.map((execution, index) => ({
        kind: "rollout",
        id: setting.rollout.id,
        outcome_id: execution.execution_id,
        unit_id: execution.unit_id,
        metric: "satisfaction",
        value: index % 20 < 18 ? 1 : 0,
      }));
      for (const part of [outcomes.slice(0, 400), outcomes.slice(400)]) {
        const body = { outcomes: part };
        const sent = await api.call(setting.organization, "POST", "/outcomes", { as: "secret", body });
        expect(sent.status).toBe(200);
      }
      // The first look takes the limit of latency from the control, the next one holds the candidate to it.
      await sweep(setting);
      await sweep(setting);
      const { stage, history, why } = await read(setting);
      expect({ stage, reason: stage === 1 ? null : why?.reason }).toEqual({ stage: 1, reason: null });
      const evidence = history.at(-1)?.evidence as { guardrails: { name: string; status: string }[] };
      expect(evidence.guardrails.map((one) => [one.name, one.status])).toEqual([
        ["error_rate", "passed"],
        ["satisfaction", "passed"],
        ["latency", "passed"],
      ]);
    });

    it("keeps an identical version on its way, looked at again and again", async () => {
      const setting = await started();
      for (let look = 0; look < 8; look += 1) {
        const arm = { units: 60, errorRate: 0.03 };
        await send(setting, { candidate: arm, control: arm }, { prefix: `look-${look}`, seed: 70 + look });
        await sweep(setting);
      }
      expect(await read(setting)).toMatchObject({ status: "running", stage: 0, why: { verdict: "HOLD" } });
    });

    it("holds at a failure rate that is near the limit, and does not promote it", async () => {
      const setting = await started();
      const arm = { units: 300, errorRate: 0.045 };
      await send(setting, { candidate: arm, control: arm });
      await setClock(suite.database, "24 hours");
      await send(setting, { candidate: { units: 30 }, control: { units: 30 } }, { prefix: "b" });
      await sweep(setting);
      expect((await read(setting)).why).toMatchObject({
        verdict: "HOLD",
        reason: expect.stringContaining("not yet shown to be below the 5.0 %"),
      });
    });
  });

  describe("rollback", () => {
    it("undoes a version that fails twice as often as allowed within 600 of its requests", async () => {
      const setting = await started();
      const { organization } = setting;
      const before = await serving(organization);
      let requests = 0;
      let status = "running";
      for (let look = 0; look < 60 && status === "running"; look += 1) {
        const arms = { candidate: { units: 20, errorRate: 0.1 }, control: { units: 20, errorRate: 0.01 } };
        await send(setting, arms, { prefix: `look-${look}`, seed: 100 + look });
        requests += 20;
        await sweep(setting);
        ({ status } = await read(setting));
      }
      expect(status).toBe("rolled_back");
      expect(requests).toBeLessThanOrEqual(600);
      const ended = await read(setting);
      expect(ended).toMatchObject({ share: 0, why: { verdict: "ROLLBACK" } });
      expect(ended.rollback_reason).toMatch(/candidate units failed/);
      const last = ended.history.at(-1);
      expect(last).toMatchObject({
        event: "rolled_back",
        actor_kind: "system",
        evidence: { trigger: "error_rate" },
      });
      const { execution_ids: ids } = (last?.evidence ?? {}) as { execution_ids: string[] };
      const failed = await withTenant(suite.database.kysely, organization.id, (tx) =>
        tx.selectFrom("agent_executions").select(["arm", "status"]).where("id", "in", ids).execute(),
      );
      expect(failed.length).toBeGreaterThan(5);
      expect(failed.every((row) => row.arm === "candidate" && row.status === "failed")).toBe(true);
      const after = await serving(organization);
      expect(after).toMatchObject({ default_version_id: setting.control.id, split: null });
      expect(after.revision).toBeGreaterThan(before.revision);
      expect((await command(organization, setting.rollout.id, "start")).status).toBe(409);
      expect((await command(organization, setting.rollout.id, "resume")).status).toBe(409);
    });

    it("tries again as a new attempt at a smaller level", async () => {
      const setting = await started();
      await command(setting.organization, setting.rollout.id, "abort");
      const again = await create(setting);
      expect(again.body.attempt).toBe(2);
      expect(again.body.significance_level).toBeCloseTo(setting.rollout.significance_level / 4, 12);
      expect((await command(setting.organization, again.body.id, "start")).body).toMatchObject({
        attempt: 2,
        stage: 0,
      });
    });

    it("comes when users like the candidate much less", async () => {
      const setting = await started({ guardrails: { required: ["error_rate", "satisfaction"] } });
      const traffic = await send(setting, { candidate: { units: 300 }, control: { units: 300 } });
      for (const arm of ["candidate", "control"]) {
        const outcomes = traffic
          .filter((execution) => execution.split?.arm === arm)
          .map((execution, index) => ({
            kind: "rollout",
            id: setting.rollout.id,
            outcome_id: execution.execution_id,
            unit_id: execution.unit_id,
            metric: "satisfaction",
            value: Number(index % 10 < (arm === "candidate" ? 3 : 9)),
          }));
        await api.call(setting.organization, "POST", "/outcomes", { as: "secret", body: { outcomes } });
      }
      await sweep(setting);
      expect(await read(setting)).toMatchObject({
        status: "rolled_back",
        rollback_reason: expect.stringContaining("Satisfaction is 0.300 over 300 candidate units and 0.900"),
      });
    });

    it("comes when the candidate is much slower", async () => {
      const setting = await started({ guardrails: { required: ["latency"] } });
      const slower = (factor: number) => (random: { uniform(): number }) =>
        factor * (200 + 100 * random.uniform());
      const arms = {
        candidate: { units: 200, latency: slower(2.5) },
        control: { units: 200, latency: slower(1) },
      };
      for (const prefix of ["a", "b", "c"]) {
        await send(setting, arms, { prefix });
        await sweep(setting);
      }
      expect(await read(setting)).toMatchObject({ status: "rolled_back", history: { length: 3 } });
      expect((await read(setting)).history.at(-1)?.evidence).toMatchObject({ trigger: "latency" });
    });
  });

  describe("missing data", () => {
    it("holds when both arms are silent, for however long, and when nothing ever came", async () => {
      const setting = await started();
      await setClock(suite.database, "30 hours");
      await sweep(setting);
      expect((await read(setting)).why).toMatchObject({ verdict: "HOLD" });
      const arm = { units: 300 };
      await send(setting, { candidate: arm, control: arm });
      await setClock(suite.database, "300 hours");
      await sweep(setting);
      expect((await read(setting)).why).toMatchObject({
        verdict: "HOLD",
        reason: "No fresh error rate from both arms: metrics that are missing never promote.",
      });
    });

    it("rolls back when the candidate alone falls silent past the grace period", async () => {
      const setting = await started();
      await send(setting, { candidate: { units: 30 }, control: { units: 30 } }, { prefix: "a" });
      await sweep(setting);
      await setClock(suite.database, "2 hours");
      await send(setting, { control: { units: 40 } }, { prefix: "b" });
      await sweep(setting);
      expect((await read(setting)).status).toBe("running");
      await setClock(suite.database, "3.1 hours");
      await send(setting, { control: { units: 5 } }, { prefix: "c" });
      await sweep(setting);
      expect(await read(setting)).toMatchObject({
        status: "rolled_back",
        rollback_reason: expect.stringContaining("The candidate alone fell silent"),
      });
    });

    it("concludes nothing from arms that cannot be compared", async () => {
      const setting = await started();
      await send(setting, { candidate: { units: 900 }, control: { units: 400 } });
      await setClock(suite.database, "24 hours");
      await send(setting, { candidate: { units: 10 }, control: { units: 10 } }, { prefix: "b" });
      await sweep(setting);
      expect(await read(setting)).toMatchObject({ status: "running", stage: 0, why: { verdict: "INVALID" } });
    });
  });

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
      const actions = (await audited(organization, setting.rollout.id)).map((row) => row.action);
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

  describe("races", () => {
    it("twenty workers at once make one transition, one event and one audit row", async () => {
      const setting = await started();
      const arm = { units: 260, errorRate: 0.005 };
      await send(setting, { candidate: arm, control: arm });
      await setClock(suite.database, "25 hours");
      await send(setting, { candidate: { units: 20 }, control: { units: 20 } }, { prefix: "b" });
      const ctx = createTestContext(api.services, setting.organization, "secret");
      await Promise.all(
        Array.from({ length: 20 }, () => advanceRollout({ ctx, input: { rolloutId: setting.rollout.id } })),
      );
      const after = await read(setting);
      expect(after).toMatchObject({ stage: 1, version: 3 });
      expect(after.history.map((event) => event.event)).toEqual(["created", "started", "advanced"]);
      const actions = (await audited(setting.organization, setting.rollout.id)).map((row) => row.action);
      expect(actions.filter((action) => action === "rollout.advanced")).toHaveLength(1);
    });

    it("a breach seen by many is one rollback", async () => {
      const setting = await started();
      await send(setting, { candidate: { units: 200, errorRate: 0.5 }, control: { units: 200 } });
      const ctx = createTestContext(api.services, setting.organization, "secret");
      await Promise.all(
        Array.from({ length: 12 }, () => advanceRollout({ ctx, input: { rolloutId: setting.rollout.id } })),
      );
      const { history } = await read(setting);
      expect(history.filter((event) => event.event === "rolled_back")).toHaveLength(1);
    });

    it("a worker that read an earlier version changes nothing", async () => {
      const setting = await started();
      const ctx = createTestContext(api.services, setting.organization, "secret");
      await command(setting.organization, setting.rollout.id, "pause");
      const stale = await ctx.transact((tenant) =>
        compareAndSet(tenant, setting.rollout, { status: "running", share: 1 }),
      );
      expect(stale).toBeUndefined();
      const second = ctx.transact(async (tenant) => {
        const row = await selectRollout(tenant, setting.rollout.id);
        if (row === undefined) throw new Error("the rollout is gone");
        await insertEvent(tenant, row, { event: "advanced", reason: "again", evidence: {} });
      });
      await expect(second).rejects.toThrow(/rollout_events_pkey|duplicate key/);
      expect(await read(setting)).toMatchObject({ status: "paused", share: 0.05 });
    });

    it("keeps its history from being rewritten by the tenant role", async () => {
      const setting = await started();
      const rewrite = withTenant(suite.database.kysely, setting.organization.id, (tx) =>
        sql`UPDATE rollout_events SET reason = 'never happened'`.execute(tx),
      );
      await expect(rewrite).rejects.toThrow(/permission denied/);
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

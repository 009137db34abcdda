import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { rolloutActions } from "./rollout-actions.testing.ts";

describeEachEngine("stages of a rollout", (suite) => {
  let api: TestApi;
  const { started, read, serving, send, sweep, audited } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers, experimentObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

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
      const actions = await audited(organization, setting.rollout.id);
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
      for (const minutes of [10, 25, 40, 55]) {
        await setClock(suite.database, `${minutes} minutes`);
        await send(setting, { control: { units: 10 } }, { prefix: `m${minutes}` });
        await sweep(setting);
        expect((await read(setting)).status).toBe("running");
      }
      await setClock(suite.database, "71 minutes");
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
});

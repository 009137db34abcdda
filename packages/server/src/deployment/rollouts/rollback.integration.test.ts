import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { rolloutActions } from "./rollout-actions.testing.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { advanceRollout } from "./advance-rollout.ts";
import { compareAndSet, insertEvent, selectRollout } from "./store.ts";

describeEachEngine("rollback and races", (suite) => {
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
      const actions = await audited(setting.organization, setting.rollout.id);
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
});

import type { MetricSource } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { rolloutActions } from "../rollouts/rollout-actions.testing.ts";

describeEachEngine("sources of metrics", (suite) => {
  let api: TestApi;
  const { started, read, send, sweep, audited } = rolloutActions(
    () => api,
    () => suite.database,
  );
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers });
  });
  afterEach(() => setClock(suite.database, "0"));
  afterAll(() => api.close());

  const report = (organization: TestOrganization, body: object, metric = "error_rate") =>
    api.call<MetricSource>(organization, "PUT", `/agents/my-agent/metric-sources/${metric}`, {
      as: "secret",
      body,
    });
  const list = async (organization: TestOrganization): Promise<MetricSource[]> =>
    (
      await api.call<{ data: MetricSource[] }>(organization, "GET", "/agents/my-agent/metric-sources", {
        as: "viewer",
      })
    ).body.data;

  it("say how they are; a change is audited, a heartbeat is not", async () => {
    const organization = await createTestOrganization(suite.database);
    const agentId = await createTestAgent(suite.database, organization.id);
    expect(await list(organization)).toEqual([]);
    await report(organization, { status: "healthy", heartbeat_seconds: 60 });
    await report(organization, { status: "healthy", heartbeat_seconds: 60 });
    const failing = await report(organization, { status: "failing", reason: "queue is full" });
    expect(failing.body).toMatchObject({ metric: "error_rate", status: "failing", reason: "queue is full" });
    expect(await list(organization)).toEqual([failing.body]);
    expect(await audited(organization, agentId)).toEqual(["metric_source.healthy", "metric_source.failing"]);
  });

  it("that miss two heartbeats are failing, until they speak again", async () => {
    const organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    await report(organization, { status: "healthy", heartbeat_seconds: 60 }, "satisfaction");
    await setClock(suite.database, "119 seconds");
    expect(await list(organization)).toMatchObject([{ status: "healthy", reason: null }]);
    await setClock(suite.database, "5 minutes");
    expect(await list(organization)).toMatchObject([
      { status: "failing", reason: expect.stringMatching(/silent for 300 s, expected every 60 s/) },
    ]);
    await report(organization, { status: "healthy", heartbeat_seconds: 60 }, "satisfaction");
    expect(await list(organization)).toMatchObject([{ status: "healthy" }]);
  });

  it("refuse what makes no sense", async () => {
    const organization = await createTestOrganization(suite.database);
    await createTestAgent(suite.database, organization.id);
    expect((await report(organization, { status: "tired" })).status).toBe(400);
    expect((await report(organization, { status: "healthy", heartbeat_seconds: 1 })).status).toBe(400);
    expect((await report(organization, { status: "healthy" }, "Not-A-Metric")).status).toBe(400);
    expect((await report(organization, { status: "healthy" }, "exposure")).status).toBe(400);
    const stranger = await createTestOrganization(suite.database);
    expect((await report(stranger, { status: "healthy" })).status).toBe(404);
  });

  describe("while one is failing", () => {
    /** The control alone is heard of, every quarter of an hour. */
    const controlAlone = async (setting: Awaited<ReturnType<typeof started>>, minutes: readonly number[]) => {
      for (const minute of minutes) {
        await setClock(suite.database, `${minute} minutes`);
        await send(setting, { control: { units: 10 } }, { prefix: `m${minute}` });
        await sweep(setting);
      }
    };

    it("a rollout holds and is not rolled back for silence; afterwards the grace period begins anew", async () => {
      const setting = await started();
      await send(setting, { candidate: { units: 30 }, control: { units: 30 } });
      await sweep(setting);
      await report(setting.organization, { status: "failing", reason: "exporter crashed" });
      await controlAlone(setting, [15, 30, 45, 60, 75, 90, 105]);
      expect(await read(setting)).toMatchObject({
        status: "running",
        why: {
          verdict: "HOLD",
          reason:
            "The source of error rate (exporter crashed) is failing: metrics that are missing never promote, and an outage alone rolls nothing back.",
        },
      });
      await report(setting.organization, { status: "healthy" });
      await controlAlone(setting, [120, 135, 150, 165]);
      expect((await read(setting)).status).toBe("running");
      await controlAlone(setting, [180]);
      expect(await read(setting)).toMatchObject({
        status: "rolled_back",
        rollback_reason: expect.stringContaining("The candidate alone fell silent"),
      });
    });

    it("no stage is left, however good the rest looks", async () => {
      const setting = await started();
      await send(setting, { candidate: { units: 300 }, control: { units: 300 } });
      await setClock(suite.database, "25 hours");
      await send(setting, { candidate: { units: 10 }, control: { units: 10 } }, { prefix: "b" });
      await report(setting.organization, { status: "failing" });
      await sweep(setting);
      expect(await read(setting)).toMatchObject({ stage: 0, why: { verdict: "HOLD" } });
      await report(setting.organization, { status: "healthy" });
      await sweep(setting);
      expect((await read(setting)).stage).toBe(1);
    });

    it("what was found already still rolls back, and other metrics' sources do not matter", async () => {
      const setting = await started();
      await report(setting.organization, { status: "failing" });
      await send(setting, { candidate: { units: 200, errorRate: 0.5 }, control: { units: 200 } });
      await sweep(setting);
      expect((await read(setting)).status).toBe("rolled_back");

      const other = await started();
      await report(other.organization, { status: "failing" }, "satisfaction");
      await send(other, { candidate: { units: 300 }, control: { units: 300 } });
      await setClock(suite.database, "24 hours");
      await send(other, { candidate: { units: 10 }, control: { units: 10 } }, { prefix: "b" });
      await sweep(other);
      expect((await read(other)).stage).toBe(1);
    });
  });

  it("an outage of everything, with the control back first, rolls nothing back", async () => {
    const setting = await started();
    await send(setting, { candidate: { units: 30 }, control: { units: 30 } });
    await sweep(setting);
    await send(setting, { control: { units: 15 } }, { prefix: "before" });
    await sweep(setting);
    await setClock(suite.database, "9 hours");
    await send(setting, { control: { units: 30 } }, { prefix: "after" });
    await sweep(setting);
    expect(await read(setting)).toMatchObject({ status: "running", why: { verdict: "HOLD" } });
    await send(setting, { candidate: { units: 30 } }, { prefix: "back" });
    await sweep(setting);
    expect((await read(setting)).status).toBe("running");
  });
});

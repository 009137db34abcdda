import type { Experiment, ExposureReceipt, OutcomeReceipt } from "@agent-learning/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { newId } from "../../new-id.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestContext } from "../../testing/test-services.ts";
import { createTestVersions, record, type TestVersions, trafficOf } from "../traffic.testing.ts";
import { foldUnits } from "./unit-store.ts";

type Setting = TestVersions & { experiment: Experiment };

describeEachEngine("exposures", (suite) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(suite.database, { evidenceObservers });
  });
  afterAll(() => api.close());

  const setUp = async (): Promise<Setting> => {
    const versions = await createTestVersions(api, suite.database);
    const created = await api.call<Experiment>(versions.organization, "POST", "/experiments", {
      body: {
        agent_id: "my-agent",
        name: "test",
        control_config: { version_id: versions.control.id },
        treatment_config: { version_id: versions.treatment.id },
      },
    });
    const experiment = await api.call<Experiment>(
      versions.organization,
      "PATCH",
      `/experiments/${created.body.id}`,
      { as: "reviewer", body: { status: "running" }, headers: { "if-match": '"1"' } },
    );
    return { ...versions, experiment: experiment.body };
  };

  const execute = (setting: Setting, unit: string, arm: string, change: object = {}) =>
    api.call<{ id: string }>(setting.organization, "POST", "/executions", {
      as: "secret",
      body: {
        agent_id: "my-agent",
        execution_id: newId(),
        unit_id: unit,
        split: { kind: "experiment", id: setting.experiment.id, arm },
        input_text: "question",
        status: "succeeded",
        ...change,
      },
    });

  const read = (setting: Setting) =>
    withTenant(suite.database.kysely, setting.organization.id, async (tx) => ({
      exposures: await tx
        .selectFrom("exposures")
        .select(["unit_id", "arm", "crossed_over", "version_id", "share", "stage"])
        .orderBy("unit_id")
        .execute(),
      metrics: await tx
        .selectFrom("unit_metrics")
        .select(["unit_id", "metric", "arm", "n", "sum", "sum_squares", "first_value"])
        .where("metric", "<>", "exposure")
        .orderBy("unit_id")
        .orderBy("metric")
        .execute(),
    }));

  it("takes an execution under a split as its exposure, once for each unit", async () => {
    const setting = await setUp();
    await execute(setting, "u1", "control", { latency_ms: 100 });
    await execute(setting, "u1", "control", { latency_ms: 300, status: "failed", task_completed: false });
    await execute(setting, "u2", "treatment");
    const { exposures, metrics } = await read(setting);
    expect(exposures).toEqual([
      {
        unit_id: "u1",
        arm: "control",
        crossed_over: false,
        version_id: setting.control.id,
        share: 0.5,
        stage: 0,
      },
      {
        unit_id: "u2",
        arm: "treatment",
        crossed_over: false,
        version_id: setting.treatment.id,
        share: 0.5,
        stage: 0,
      },
    ]);
    expect(metrics).toEqual([
      { unit_id: "u1", metric: "error_rate", arm: "control", n: 2, sum: 1, sum_squares: 1, first_value: 0 },
      {
        unit_id: "u1",
        metric: "latency_ms",
        arm: "control",
        n: 2,
        sum: 400,
        sum_squares: 100_000,
        first_value: 100,
      },
      {
        unit_id: "u1",
        metric: "task_completion",
        arm: "control",
        n: 1,
        sum: 0,
        sum_squares: 0,
        first_value: 0,
      },
      { unit_id: "u2", metric: "error_rate", arm: "treatment", n: 1, sum: 0, sum_squares: 0, first_value: 0 },
    ]);
  });

  it("leaves executions outside the split, of unknown arms and without a unit uncounted", async () => {
    const setting = await setUp();
    await execute(setting, "u1", "control", { split: null });
    await execute(setting, "u2", "moon");
    await execute(setting, "u3", "control", { unit_id: null });
    expect(await read(setting)).toEqual({ exposures: [], metrics: [] });
  });

  it("keeps a unit in its first arm and remembers that it crossed over", async () => {
    const setting = await setUp();
    await execute(setting, "u1", "control");
    await execute(setting, "u1", "treatment", { status: "failed" });
    await execute(setting, "u1", "treatment");
    const { exposures, metrics } = await read(setting);
    expect(exposures).toMatchObject([{ unit_id: "u1", arm: "control", crossed_over: true }]);
    expect(metrics).toMatchObject([{ metric: "error_rate", arm: "control", n: 3, sum: 1 }]);
    const ctx = createTestContext(api.services, setting.organization, "secret");
    const folded = await ctx.transact((tenant) => foldUnits(tenant, setting.experiment.id, 100));
    // One unit, one crossing, though it was seen twice in the other arm.
    expect(folded.changes.find((change) => change.metric === "exposure")).toMatchObject({ n: 1, sum: 1 });
  });

  it("sees a crossing inside one batch", async () => {
    const setting = await setUp();
    const executions = ["control", "treatment"].map((arm) => ({
      agent_id: "my-agent",
      execution_id: newId(),
      unit_id: "u1",
      split: { kind: "experiment" as const, id: setting.experiment.id, arm },
      input_text: "question",
      status: "succeeded" as const,
    }));
    await record(api, setting.organization, executions);
    expect((await read(setting)).exposures).toMatchObject([{ arm: "control", crossed_over: true }]);
  });

  it("joins feedback to the exposure of its execution, and follows amendments and withdrawals", async () => {
    const setting = await setUp();
    await execute(setting, "u1", "treatment", { execution_id: "late" });
    const satisfaction = async () =>
      (await read(setting)).metrics.filter((row) => row.metric === "satisfaction");
    const vote = await api.call<{ id: string }>(setting.organization, "POST", "/feedback", {
      as: "secret",
      body: { agent_id: "my-agent", execution_id: "late", user_id: "p", feedback_type: "rating", rating: 5 },
    });
    expect(vote.status).toBeLessThan(300);
    expect(await satisfaction()).toMatchObject([{ arm: "treatment", n: 1, sum: 1 }]);
    const amended = await api.call(setting.organization, "PATCH", `/feedback/${vote.body.id}`, {
      as: "secret",
      headers: { "if-match": '"1"' },
      body: { feedback_type: "rating", rating: 2, user_id: "p" },
    });
    expect(amended.status).toBe(200);
    expect(await satisfaction()).toMatchObject([{ n: 1, sum: 0.25, sum_squares: 0.0625 }]);
    await api.call(setting.organization, "DELETE", `/feedback/${vote.body.id}?user_id=p`, {
      as: "secret",
      headers: { "if-match": '"2"' },
    });
    expect(await satisfaction()).toMatchObject([{ n: 0, sum: 0, sum_squares: 0 }]);
  });

  it("counts feedback that came before its execution", async () => {
    const setting = await setUp();
    await api.call(setting.organization, "POST", "/feedback", {
      as: "secret",
      body: { agent_id: "my-agent", execution_id: "early", user_id: "p", feedback_type: "thumbs_down" },
    });
    await execute(setting, "u1", "control", { execution_id: "early" });
    const { metrics } = await read(setting);
    expect(metrics.map((row) => [row.metric, row.n, row.sum])).toEqual([
      ["error_rate", 1, 0],
      ["satisfaction", 1, 0],
    ]);
  });

  it("takes exposures and outcomes of callers who record no executions, each outcome id once", async () => {
    const setting = await setUp();
    const subject = { kind: "experiment", id: setting.experiment.id };
    const exposures = ["u1", "u2", "u1"].map((unit_id) => ({ ...subject, unit_id, arm: "control" }));
    const exposed = await api.call<ExposureReceipt>(setting.organization, "POST", "/exposures", {
      as: "secret",
      body: { exposures },
    });
    expect(exposed.body).toEqual({ recorded: 2, known: 1, crossed_over: 0 });
    const outcome = { ...subject, outcome_id: "o1", unit_id: "u1", metric: "satisfaction", value: 0.5 };
    const report = (outcomes: object[]) =>
      api.call<OutcomeReceipt>(setting.organization, "POST", "/outcomes", {
        as: "secret",
        body: { outcomes },
      });
    const all = [outcome, outcome, { ...outcome, outcome_id: "o2", value: 1 }];
    expect((await report(all)).body).toEqual({ recorded: 2, known: 1 });
    expect((await report(all)).body).toEqual({ recorded: 0, known: 3 });
    expect((await read(setting)).metrics).toMatchObject([
      { unit_id: "u1", metric: "satisfaction", n: 2, sum: 1.5 },
    ]);
    expect(await report([{ ...outcome, value: 1 }])).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.outcomes.0.outcome_id" }] },
    });
    expect(await report([{ ...outcome, outcome_id: "o3", unit_id: "unseen" }])).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.outcomes.0.unit_id" }] },
    });
    expect((await report([{ ...outcome, outcome_id: "o4", value: 1.5 }])).status).toBe(422);
    expect((await report([{ ...outcome, outcome_id: "o4", metric: "error_rate", value: 0.5 }])).status).toBe(
      422,
    );
  });

  it("counts an outcome once that arrives ten times at the same moment", async () => {
    const setting = await setUp();
    await execute(setting, "u1", "control");
    const outcome = {
      kind: "experiment",
      id: setting.experiment.id,
      outcome_id: "o",
      unit_id: "u1",
      metric: "satisfaction",
      value: 1,
    };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        api.call<OutcomeReceipt>(setting.organization, "POST", "/outcomes", {
          as: "secret",
          body: { outcomes: [outcome] },
        }),
      ),
    );
    expect(answers.reduce((sum, answer) => sum + answer.body.recorded, 0)).toBe(1);
    const counted = (await read(setting)).metrics.filter((row) => row.metric === "satisfaction");
    expect(counted).toMatchObject([{ n: 1, sum: 1 }]);
  });

  it("refuses exposures of what has not started, of other arms and of another organization", async () => {
    const setting = await setUp();
    const other = await setUp();
    const report = (organization: Setting["organization"], change: object) =>
      api.call(organization, "POST", "/exposures", {
        as: "secret",
        body: {
          exposures: [
            { kind: "experiment", id: setting.experiment.id, unit_id: "u", arm: "control", ...change },
          ],
        },
      });
    expect((await report(setting.organization, {})).status).toBe(200);
    for (const change of [{ arm: "moon" }, { kind: "rollout" }, { id: newId() }]) {
      expect((await report(setting.organization, change)).status).toBe(422);
    }
    expect((await report(other.organization, {})).status).toBe(422);
  });

  it("folds every unit's change exactly once, whatever comes in between", async () => {
    const setting = await setUp();
    const ctx = createTestContext(api.services, setting.organization, "secret");
    const totals = { units: 0, sum: 0, outcomes: 0 };
    const fold = async (limit: number): Promise<number> => {
      const { taken, changes } = await ctx.transact((tenant) =>
        foldUnits(tenant, setting.experiment.id, limit),
      );
      for (const change of changes.filter(({ metric }) => metric === "error_rate")) {
        totals.units += change.n;
        totals.sum += change.sum;
        totals.outcomes += change.otherSum;
      }
      return taken;
    };
    const arms = [
      { arm: "control", versionId: setting.control.id, units: 30, errorRate: 0.5 },
      { arm: "treatment", versionId: setting.treatment.id, units: 30, errorRate: 0.5 },
    ];
    const split = { kind: "experiment" as const, id: setting.experiment.id };
    const first = trafficOf({ split, arms, seed: 3 });
    await record(api, setting.organization, first);
    expect(await fold(1)).toBe(1);
    // The same units again.
    const second = trafficOf({ split, arms, seed: 4 }).map((one) => ({
      ...one,
      execution_id: `${one.execution_id}-2`,
    }));
    await record(api, setting.organization, second);
    while ((await fold(2)) > 0);
    const failed = [...first, ...second].filter((one) => one.status === "failed").length;
    expect(totals).toEqual({ units: 60, sum: failed, outcomes: 120 });
    expect(await fold(50)).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import type { DecidedExperiment } from "../experiment-observer.ts";
import { experimentActions } from "./experiment-actions.testing.ts";

describeEachEngine("results of experiments", (suite) => {
  let api: TestApi;
  const { patch, running, send, results, sweep } = experimentActions(
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

  describe("results", () => {
    it("say what is missing while there is little data, and name no winner", async () => {
      const setting = await running();
      await send(setting, { control: 0.2, treatment: 0.9, units: [100, 100] });
      const early = await results(setting.organization, setting.experiment.id);
      expect(early.experiment).toMatchObject({
        current_control_samples: 100,
        current_treatment_samples: 100,
        winner: null,
        health: { status: "healthy" },
      });
      expect(early.experiment.missing[0]).toBe("168 more hours (168 are needed).");
      expect(early.experiment.missing[1]).toBe("900 more units exposed in control (100 of 1000).");
      expect(early.experiment.treatment_metrics["task_completion"]?.units).toBe(100);
      expect(early.metrics.map((metric) => metric.metric)).toContain("error_rate");
    });

    it("take in what comes after the end, where its unit was exposed, and leave the decision alone", async () => {
      const setting = await running();
      const { organization, experiment } = setting;
      await send(setting, { control: 0.5, treatment: 0.5, units: [20, 20] });
      const stopped = await patch(organization, experiment, { status: "stopped" });
      const report = (unit: string) =>
        api.call(organization, "POST", "/outcomes", {
          as: "secret",
          body: {
            outcomes: [
              {
                kind: "experiment",
                id: experiment.id,
                unit_id: unit,
                outcome_id: `late-${unit}`,
                metric: "satisfaction",
                value: 1,
              },
            ],
          },
        });
      expect((await report("t-treatment-0")).status).toBe(200);
      const late = (await results(organization, experiment.id)).experiment;
      expect(late).toMatchObject({ status: "stopped", winner: "none" });
      expect(late.treatment_metrics["satisfaction"]).toMatchObject({ units: 1, mean: 1 });

      const decision = { decision: "keep_control", decision_notes: "No difference to speak of." } as const;
      const closed = await patch(organization, stopped.body, decision);
      expect(closed.body).toMatchObject({ status: "decided", winner: "none" });
      expect((await report("t-control-3")).status).toBe(200);
      await sweep(organization);
      const after = (await results(organization, experiment.id)).experiment;
      expect(after.control_metrics["satisfaction"]).toMatchObject({ units: 1, mean: 1 });
      expect(after).toMatchObject({
        ...decision,
        status: "decided",
        winner: "none",
        revision: closed.body.revision,
      });
      const waiting = await withTenant(suite.database.kysely, organization.id, (tx) =>
        tx.selectFrom("unit_changes").select("id").execute(),
      );
      expect(waiting).toEqual([]);
    });

    it("decide for a treatment that wins, after the time and the units, and not before", async () => {
      const setting = await running();
      const { organization } = setting;
      await send(setting, { control: 0.6, treatment: 0.75 });
      await sweep(organization);
      expect((await results(organization, setting.experiment.id)).experiment).toMatchObject({
        status: "running",
        winner: null,
      });
      await setClock(suite.database, "169 hours");
      await sweep(organization);
      const { experiment, metrics } = await results(organization, setting.experiment.id);
      expect(experiment).toMatchObject({
        status: "decided",
        winner: "treatment",
        decision: "deploy_treatment",
        decided_by: null,
        missing: [],
      });
      expect(experiment.statistical_significance).toBeGreaterThanOrEqual(0.95);
      expect(experiment.decision_notes).toContain("the treatment won");
      expect(metrics.find((metric) => metric.primary)?.absolute?.lower).toBeGreaterThan(0);
      expect(decided.at(-1)).toMatchObject({
        id: experiment.id,
        agentId: setting.agentId,
        treatmentVersionId: setting.treatment.id,
        decision: "deploy_treatment",
        decidedBy: null,
      });
      const count = decided.length;
      await sweep(organization);
      expect(decided).toHaveLength(count);
    });

    it("wait for a person where the policy says so", async () => {
      const setting = await running({}, { experiment: { automatic_decision: false } });
      await send(setting, { control: 0.6, treatment: 0.75 });
      await setClock(suite.database, "169 hours");
      await sweep(setting.organization);
      const { experiment } = await results(setting.organization, setting.experiment.id);
      expect(experiment).toMatchObject({ status: "running", winner: "treatment", decision: null });
      const ended = await patch(setting.organization, experiment, { decision: "deploy_treatment" });
      expect(ended.body).toMatchObject({
        winner: "treatment",
        decided_by: setting.organization.members.reviewer.id,
      });
    });

    it("keep the control when the treatment lost", async () => {
      const setting = await running({}, { experiment: { automatic_decision: false } });
      await send(setting, { control: 0.75, treatment: 0.6 });
      await setClock(suite.database, "169 hours");
      const { experiment } = await results(setting.organization, setting.experiment.id);
      expect(experiment.winner).toBe("control");
    });

    it("stop early for harm", async () => {
      const setting = await running();
      await send(setting, { control: 0.6, treatment: 0.6, units: [300, 300], errors: [0.02, 0.3] });
      await sweep(setting.organization);
      const { experiment, harm } = await results(setting.organization, setting.experiment.id);
      expect(experiment).toMatchObject({
        status: "decided",
        decision: "stopped_for_harm",
        winner: "control",
      });
      expect(experiment.decision_notes).toContain("error_rate");
      expect(harm.find((evidence) => evidence.metric === "error_rate")).toMatchObject({ breached: true });
    });

    it("leave a paused experiment alone, whatever its data say", async () => {
      const setting = await running();
      await send(setting, { control: 0.6, treatment: 0.6, units: [300, 300], errors: [0.02, 0.3] });
      await patch(setting.organization, setting.experiment, { status: "paused" });
      await sweep(setting.organization);
      expect((await results(setting.organization, setting.experiment.id)).experiment.status).toBe("paused");
    });

    it("have no winner when the sample ratio is off", async () => {
      const setting = await running();
      await send(setting, { control: 0.6, treatment: 0.9, units: [1800, 1100] });
      await setClock(suite.database, "169 hours");
      await sweep(setting.organization);
      const { experiment } = await results(setting.organization, setting.experiment.id);
      expect(experiment).toMatchObject({ status: "running", winner: null, health: { status: "unhealthy" } });
      expect(experiment.missing.join(" ")).toContain("1800 and 1100 units where the split intends 50:50");
    });

    it("have no winner in an A/A experiment that is looked at again and again", async () => {
      const setting = await running();
      await setClock(suite.database, "200 hours");
      for (let look = 0; look < 6; look += 1) {
        const units: [number, number] = look === 0 ? [1000, 1000] : [200, 200];
        await send(
          setting,
          { control: 0.6, treatment: 0.6, units },
          { prefix: `look-${look}`, seed: 40 + look },
        );
        await sweep(setting.organization);
      }
      const { experiment } = await results(setting.organization, setting.experiment.id);
      expect(experiment).toMatchObject({ status: "running", winner: null, current_control_samples: 2000 });
    });

    it("are the same for concurrent readers and sweeps, nothing folded twice", async () => {
      const setting = await running();
      await send(setting, { control: 0.6, treatment: 0.6, units: [400, 400] });
      await Promise.all([
        ...Array.from({ length: 6 }, () => results(setting.organization, setting.experiment.id)),
        ...Array.from({ length: 3 }, () => sweep(setting.organization)),
      ]);
      const { experiment, harm } = await results(setting.organization, setting.experiment.id);
      expect(experiment.current_control_samples).toBe(400);
      expect(experiment.control_metrics["error_rate"]).toMatchObject({ units: 400, outcomes: 400 });
      expect(harm.find((evidence) => evidence.metric === "error_rate")?.pairs).toBe(400);
    });
  });
});

import type { Experiment, ExperimentResults, UpdateExperiment } from "@agent-learning/contract";
import type { DatabaseConnection } from "../../database/index.ts";
import type { ApiAnswer, TestApi } from "../../testing/test-api.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";
import {
  createTestVersions,
  record,
  type TestVersions,
  type Traffic,
  trafficOf,
} from "../traffic.testing.ts";
import { experimentSchedule } from "./schedule.ts";

/** Two versions of an agent and an experiment between them. */
export type Setting = TestVersions & { experiment: Experiment };

/** Chances of a completed task and of a failure, [control, treatment]. */
export interface Rates {
  control: number;
  treatment: number;
  units?: [number, number];
  errors?: [number, number];
}

/** What the suites do with experiments, through the API. */
export interface ExperimentActions {
  create: (versions: TestVersions, change?: object) => Promise<ApiAnswer<Experiment>>;
  patch: (
    organization: TestOrganization,
    experiment: Experiment,
    change: UpdateExperiment,
  ) => Promise<ApiAnswer<Experiment>>;
  running: (change?: object, policy?: object) => Promise<Setting>;
  send: (setting: Setting, rates: Rates, change?: Partial<Traffic>) => Promise<void>;
  results: (organization: TestOrganization, id: string) => Promise<ExperimentResults>;
  sweep: (organization: TestOrganization) => Promise<void>;
}

export function experimentActions(api: () => TestApi, database: () => DatabaseConnection): ExperimentActions {
  const create: ExperimentActions["create"] = (versions, change = {}) =>
    api().call<Experiment>(versions.organization, "POST", "/experiments", {
      body: {
        agent_id: "my-agent",
        name: "test",
        control_config: { version_id: versions.control.id },
        treatment_config: { version_id: versions.treatment.id },
        primary_metric: "task_completion",
        ...change,
      },
    });
  const patch: ExperimentActions["patch"] = (organization, { id, revision }, change) =>
    api().call<Experiment>(organization, "PATCH", `/experiments/${id}`, {
      as: "reviewer",
      headers: { "if-match": `"${revision}"` },
      body: change,
    });
  return {
    create,
    patch,
    running: async (change = {}, policy = {}) => {
      const versions = await createTestVersions(api(), database(), policy);
      const draft = await create(versions, change);
      const started = await patch(versions.organization, draft.body, { status: "running" });
      if (started.status !== 200) throw new Error(JSON.stringify(started.body));
      return { ...versions, experiment: started.body };
    },
    send: (setting, rates, change = {}) => {
      const [control = 1100, treatment = 1100] = rates.units ?? [];
      const [controlErrors = 0, treatmentErrors = 0] = rates.errors ?? [];
      const arms = [
        {
          arm: "control",
          versionId: setting.control.id,
          units: control,
          completionRate: rates.control,
          errorRate: controlErrors,
        },
        {
          arm: "treatment",
          versionId: setting.treatment.id,
          units: treatment,
          completionRate: rates.treatment,
          errorRate: treatmentErrors,
        },
      ];
      const split = { kind: "experiment" as const, id: setting.experiment.id };
      return record(api(), setting.organization, trafficOf({ split, arms, ...change }));
    },
    results: async (organization, id) =>
      (
        await api().call<ExperimentResults>(organization, "GET", `/experiments/by-id/${id}/results`, {
          as: "viewer",
        })
      ).body,
    sweep: (organization) => experimentSchedule.sweep(api().services, organization.id),
  };
}

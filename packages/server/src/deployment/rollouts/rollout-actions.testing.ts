import type { Rollout, RolloutDetails, ServingConfiguration } from "@agent-learning/contract";
import type { DatabaseConnection } from "../../database/index.ts";
import { withTenant } from "../../database/index.ts";
import {
  type ArmTraffic,
  createTestVersions,
  record,
  type TestVersions,
  type Traffic,
  trafficOf,
} from "../../evaluation/traffic.testing.ts";
import type { ApiAnswer, TestApi } from "../../testing/test-api.ts";
import type { TestOrganization } from "../../testing/test-organization.ts";
import { rolloutSchedule } from "./schedule.ts";

/** Two versions of an agent and the rollout of the second. */
export type Setting = TestVersions & { rollout: Rollout };

const ERRORS_ONLY = { guardrails: { required: ["error_rate"] } };

type Arms = Partial<Record<"candidate" | "control", Omit<ArmTraffic, "arm" | "versionId">>>;

/** What the suites do with rollouts, through the API. */
export interface RolloutActions {
  create: (versions: TestVersions, change?: object) => Promise<ApiAnswer<RolloutDetails>>;
  command: (
    organization: TestOrganization,
    id: string,
    name: string,
    as?: "reviewer" | "secret",
  ) => Promise<ApiAnswer<Rollout>>;
  /** Creates and starts; only failures are required unless a policy says otherwise. */
  started: (policy?: object) => Promise<Setting>;
  read: (setting: Setting) => Promise<RolloutDetails>;
  serving: (organization: TestOrganization) => Promise<ServingConfiguration>;
  send: (setting: Setting, arms: Arms, change?: Partial<Traffic>) => Promise<ReturnType<typeof trafficOf>>;
  sweep: (setting: Pick<Setting, "organization">) => Promise<void>;
  audited: (organization: TestOrganization, id: string) => Promise<string[]>;
}

export function rolloutActions(api: () => TestApi, database: () => DatabaseConnection): RolloutActions {
  const create: RolloutActions["create"] = (versions, change = {}) =>
    api().call<RolloutDetails>(versions.organization, "POST", "/rollouts", {
      as: "secret",
      body: { agent_id: "my-agent", candidate_version_id: versions.treatment.id, ...change },
    });
  const command: RolloutActions["command"] = (organization, id, name, as = "reviewer") =>
    api().call<Rollout>(organization, "POST", `/rollouts/${id}/${name}`, { as, body: {} });
  return {
    create,
    command,
    started: async (policy = ERRORS_ONLY) => {
      const versions = await createTestVersions(api(), database(), policy);
      const created = await create(versions);
      const start = await command(versions.organization, created.body.id, "start", "secret");
      if (start.status !== 200) throw new Error(JSON.stringify(start.body));
      return { ...versions, rollout: start.body };
    },
    read: async ({ organization, rollout }) =>
      (await api().call<RolloutDetails>(organization, "GET", `/rollouts/${rollout.id}`, { as: "viewer" }))
        .body,
    serving: async (organization) =>
      (
        await api().call<ServingConfiguration>(organization, "GET", "/agents/my-agent/serving", {
          as: "secret",
        })
      ).body,
    send: async (setting, arms, change = {}) => {
      const traffic = trafficOf({
        split: { kind: "rollout", id: setting.rollout.id },
        arms: Object.entries(arms).map(([arm, one]) => ({
          arm,
          versionId: arm === "candidate" ? setting.treatment.id : setting.control.id,
          ...one,
        })),
        ...change,
      });
      await record(api(), setting.organization, traffic);
      return traffic;
    },
    sweep: ({ organization }) => rolloutSchedule.sweep(api().services, organization.id),
    audited: async (organization, id) => {
      const rows = await withTenant(database().kysely, organization.id, (tx) =>
        tx.selectFrom("audit_log").select("action").where("entity_id", "=", id).orderBy("sequence").execute(),
      );
      return rows.map((row) => row.action);
    },
  };
}

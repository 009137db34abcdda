import type { AgentVersion, RecordExecution } from "@agent-learning/contract";
import { SeededRandom } from "@agent-learning/statistics";
import type { DatabaseConnection } from "../database/index.ts";
import type { TestApi } from "../testing/test-api.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../testing/test-organization.ts";

export interface TestVersions {
  organization: TestOrganization;
  agentId: string;
  /** In production. */
  control: AgentVersion;
  treatment: AgentVersion;
}

/** An organization with an agent, a version in production, and another one that differs in a retrieval setting only. */
export async function createTestVersions(
  api: TestApi,
  database: DatabaseConnection,
  policy: object = {},
): Promise<TestVersions> {
  const organization = await createTestOrganization(database);
  const agentId = await createTestAgent(database, organization.id, { policy });
  const create = async (k: number): Promise<AgentVersion> =>
    (
      await api.call<AgentVersion>(organization, "POST", "/agents/my-agent/versions", {
        as: "secret",
        body: { config: { components: { system_prompt: "Answer." }, retrieval: { k } } },
      })
    ).body;
  const control = await create(1);
  await api.call(organization, "POST", "/agents/my-agent/serving", { body: { version_id: control.id } });
  return { organization, agentId, control, treatment: await create(2) };
}

/** Units of one arm, one execution each, and how often they fail or complete their task. */
export interface ArmTraffic {
  arm: string;
  versionId: string;
  units: number;
  errorRate?: number;
  completionRate?: number;
  latency?: (random: SeededRandom) => number;
}

export interface Traffic {
  split: { kind: "experiment" | "rollout"; id: string };
  arms: readonly ArmTraffic[];
  /** Makes units and execution ids of this call its own. */
  prefix?: string;
  seed?: number;
}

/** The executions of a traffic, the arms in turn. */
export function trafficOf({ split, arms, prefix = "t", seed = 1 }: Traffic): RecordExecution[] {
  const random = new SeededRandom(seed);
  const most = Math.max(...arms.map((arm) => arm.units));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    arms
      .filter((arm) => index < arm.units)
      .map((arm): RecordExecution => {
        const unit = `${prefix}-${arm.arm}-${index}`;
        return {
          agent_id: "my-agent",
          execution_id: unit,
          version_id: arm.versionId,
          unit_id: unit,
          split: { ...split, arm: arm.arm },
          input_text: "question",
          output_text: "answer",
          status: random.uniform() < (arm.errorRate ?? 0) ? "failed" : "succeeded",
          task_completed: arm.completionRate === undefined ? null : random.uniform() < arm.completionRate,
          latency_ms: arm.latency === undefined ? null : arm.latency(random),
        };
      }),
  );
}

/** Records executions through the API, in batches. */
export async function record(
  api: TestApi,
  organization: TestOrganization,
  executions: readonly RecordExecution[],
): Promise<void> {
  for (let at = 0; at < executions.length; at += 500) {
    const body = { executions: executions.slice(at, at + 500) };
    const answer = await api.call(organization, "POST", "/executions", { as: "secret", body });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  }
}

import type {
  AgentVersion,
  AgentVersionConfig,
  EvaluationRun,
  EvaluationRunDetails,
} from "@agent-learning/contract";
import { systemContext } from "../../create-context.ts";
import type { DatabaseConnection } from "../../database/index.ts";
import type { ApiAnswer, ApiCall, TestApi } from "../../testing/test-api.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import type { RecordingJobQueue } from "../../testing/test-services.ts";
import { gateJob } from "./job.ts";

/** Messages that the built-in agent tells apart, with their intents. */
export const INTENTS: readonly (readonly [string, string])[] = [
  ["where is my new card, it has not arrived", "card_arrival"],
  ["my card was stolen yesterday on the bus", "lost_or_stolen"],
  ["why was a fee charged on my payment", "payment_fee"],
];

/** The config of a built-in agent that knows the intents, but for those in `wrong`, which it takes for another. */
export function routingConfig(
  wrong: readonly string[] = [],
  change: Partial<AgentVersionConfig> = {},
): Partial<AgentVersionConfig> {
  return {
    runtime: "demonstrations",
    demonstrations: INTENTS.map(([input, output]) => ({
      input,
      output: wrong.includes(output) ? "general_inquiry" : output,
    })),
    parameters: { neighbours: 1, default_output: "general_inquiry" },
    ...change,
  };
}

/** What the suites do with the gate, through the API. */
export interface GateActions {
  organization: (policy?: object) => Promise<TestOrganization>;
  call: <T>(
    method: "GET" | "POST" | "PATCH",
    path: string,
    body?: unknown,
    as?: ApiCall["as"],
  ) => Promise<ApiAnswer<T>>;
  version: (config: Partial<AgentVersionConfig>) => Promise<AgentVersion>;
  serve: (versionId: string) => Promise<void>;
  /** Runs what the queue holds. */
  work: () => Promise<void>;
  /** Starts a run of the gate, carries it out, reads it. */
  gate: (versionId: string, change?: object) => Promise<EvaluationRunDetails>;
}

export function gateActions(api: () => TestApi, database: () => DatabaseConnection): GateActions {
  let organization: TestOrganization;
  const call: GateActions["call"] = (method, path, body, as = "reviewer") =>
    api().call(organization, method, path, { as, ...(body === undefined ? {} : { body }) });
  const must = async <T>(answer: Promise<ApiAnswer<T>>): Promise<T> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const work = async (): Promise<void> => {
    const queue = api().services.jobs as RecordingJobQueue;
    for (const { data } of queue.enqueued.splice(0).filter(({ name }) => name === gateJob.name)) {
      const ctx = systemContext(api().services, data.organizationId, "test");
      await gateJob.run({ ctx, data, signal: new AbortController().signal });
    }
  };
  return {
    call,
    work,
    organization: async (policy = {}) => {
      organization = await createTestOrganization(database());
      await createTestAgent(database(), organization.id, { policy });
      return organization;
    },
    version: (config) => must(call<AgentVersion>("POST", "/agents/my-agent/versions", { config }, "secret")),
    serve: async (versionId) =>
      void (await must(call("POST", "/agents/my-agent/serving", { version_id: versionId }, "admin"))),
    gate: async (versionId, change = {}) => {
      const { id } = await must(
        call<EvaluationRun>(
          "POST",
          "/evaluation-runs",
          { agent_id: "my-agent", version_id: versionId, ...change },
          "secret",
        ),
      );
      await work();
      return must(call<EvaluationRunDetails>("GET", `/evaluation-runs/${id}`));
    },
  };
}

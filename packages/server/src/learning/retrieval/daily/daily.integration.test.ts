import type { TrainingRun } from "@agent-learning/contract";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { systemContext } from "../../../create-context.ts";
import { createTestApi, type TestApi } from "../../../testing/test-api.ts";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../../testing/test-organization.ts";
import { sendQueries, simulatedQueries } from "../retrieval-evidence.testing.ts";
import { runRetrievalTraining } from "../run-retrieval-training.ts";
import { dailyRetrievalLearning } from "./start-daily-runs.ts";

describeEachEngine("retrieval learning every day", (suite) => {
  let api: TestApi;
  let organization: TestOrganization;
  beforeAll(() => {
    api = createTestApi(suite.database);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    organization = await createTestOrganization(suite.database);
  });
  afterEach(() => setClock(suite.database, "0"));
  const agent = (options: object = {}): Promise<string> =>
    createTestAgent(suite.database, organization.id, options);
  const sweep = () => dailyRetrievalLearning.sweep(api.services, organization.id);
  const runs = async (): Promise<TrainingRun[]> => {
    const answer = await api.call<{ data: TrainingRun[] }>(organization, "GET", "/training-runs/my-agent");
    return answer.body.data;
  };
  const finish = async (): Promise<void> => {
    const ctx = systemContext(api.services, organization.id, "test");
    const runId = (await runs())[0]?.id ?? "";
    await runRetrievalTraining({ ctx, runId, signal: new AbortController().signal });
    expect((await runs())[0]).toMatchObject({ status: "completed" });
  };
  const send = (count: number, prefix: string): Promise<void> =>
    sendQueries(api, organization, simulatedQueries(count, prefix), { prefix });

  it("starts one run when people said enough, whoever looks and however often, and then waits for a day and for more", async () => {
    await agent();
    await send(49, "a");
    await sweep();
    expect(await runs()).toEqual([]);
    await send(1, "b");
    await Promise.all([sweep(), sweep(), sweep()]);
    const [run, ...more] = await runs();
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      status: "pending",
      training_type: "rag_training",
      created_by: null,
      config: { method: "ranking" },
      description: expect.stringContaining("50 or more") as string,
    });
    await finish();
    await send(60, "c");
    await sweep();
    expect(await runs()).toHaveLength(1);
    await setClock(suite.database, "25 hours");
    await sweep();
    expect(await runs()).toHaveLength(2);
    await finish();
    // A day later, and nobody said anything new.
    await setClock(suite.database, "50 hours");
    await sweep();
    expect(await runs()).toHaveLength(2);
  });

  it.each([
    ["the policy says so", { policy: { retrieval_learning: { mode: "on_request" } } }],
    ["learning is off", { config: { learning_enabled: false } }],
  ])("starts nothing where %s", async (_why, options) => {
    await agent(options);
    await send(60, "a");
    await sweep();
    expect(await runs()).toEqual([]);
  });
});

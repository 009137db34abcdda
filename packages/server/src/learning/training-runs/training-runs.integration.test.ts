import { describe, expect, it } from "vitest";
import type { TrainingRun } from "@agent-learning/contract";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll } from "vitest";
import { composeServer } from "../../compose.ts";
import { systemContext } from "../../create-context.ts";
import type { Services } from "../../services.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import {
  createTestAgent,
  createTestOrganization,
  type TestOrganization,
} from "../../testing/test-organization.ts";
import { createTestServices, recordingJobQueue } from "../../testing/test-services.ts";
import { RunCancelled, RunLost, settleCancelled, takeRun } from "./carry-out-run.ts";
import { readEvents } from "./store.ts";
import { watchTrainingRun } from "./watch-training-run.ts";

describeEachEngine("training runs", (context) => {
  let services: Services;
  let server: FastifyInstance;
  let organization: TestOrganization;
  let jobs: ReturnType<typeof recordingJobQueue>;

  beforeAll(async () => {
    jobs = recordingJobQueue();
    services = createTestServices(context.database, { jobs });
    server = composeServer(services);
    organization = await createTestOrganization(context.database);
    await createTestAgent(context.database, organization.id);
  });
  afterAll(() => server.close());

  async function call<T>(
    method: "GET" | "POST",
    path: string,
    key: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> {
    const response = await server.inject({
      method,
      url: `/api/learning${path}`,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() as T };
  }

  const start = async (key: string = organization.secret.key): Promise<TrainingRun> => {
    const { status, body } = await call<TrainingRun>("POST", "/optimize-prompt", key, {
      agent_id: "my-agent",
      current_prompt: "You are a helpful assistant...",
      optimization_goals: ["accuracy", "clarity"],
    });
    expect(status, JSON.stringify(body)).toBe(202);
    return body;
  };
  const system = () => systemContext(services, organization.id, "test");

  it("starts from the prompt that the caller names, and queues one job with it", async () => {
    const run = await start();
    expect(run).toMatchObject({
      training_type: "prompt_optimization",
      status: "pending",
      progress_percentage: 0,
    });
    expect(run.config).toMatchObject({ optimization_goals: ["accuracy", "clarity"], budget_calls: 400 });
    expect(jobs.enqueued.at(-1)).toMatchObject({ data: { runId: run.id, organizationId: organization.id } });
    const version = await call<{ config: { components: Record<string, string> } }>(
      "GET",
      `/agents/my-agent/versions/${run.base_version_id ?? ""}`,
      organization.secret.key,
    );
    expect(version.body.config.components).toEqual({ system_prompt: "You are a helpful assistant..." });
    // The same prompt is the same version.
    expect((await start()).base_version_id).toBe(run.base_version_id);
  });

  it("refuses fine-tuning without a dataset, and a dataset that is not there", async () => {
    const body = { agent_id: "my-agent", name: "a run", training_type: "dpo" };
    const refused = await call<{ detail: string; errors: { path: string }[] }>(
      "POST",
      "/training-runs",
      organization.secret.key,
      body,
    );
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "body.dataset_id" }] } });
    const unknown = await call<{ errors: { path: string }[] }>(
      "POST",
      "/optimize-prompt",
      organization.secret.key,
      {
        agent_id: "my-agent",
        dataset_id: "0190a000-0000-7000-8000-000000000000",
      },
    );
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: "body.dataset_id" }] } });
  });

  it("gives a run to one worker at a time: the one that was taken over changes nothing more", async () => {
    const run = await start();
    const stale = await takeRun(system(), run.id);
    const next = await takeRun(system(), run.id);
    await next?.change({ progressPercentage: 40 }, { type: "progress", data: { by: "next" } });
    await expect(
      stale?.change({ progressPercentage: 10 }, { type: "progress", data: { by: "stale" } }),
    ).rejects.toThrow(RunLost);
    const { body } = await call<TrainingRun>(
      "GET",
      `/training-runs/by-id/${run.id}`,
      organization.secret.key,
    );
    expect(body.progress_percentage).toBe(40);
    const events = await system().transact((tenant) => readEvents(tenant, run.id, 0, 100));
    expect(events.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, "started"],
      [2, "resumed"],
      [3, "progress"],
    ]);
  });

  it("stops a waiting run at once and a running one at its next step", async () => {
    const waiting = await start();
    const cancelled = await call<TrainingRun>(
      "POST",
      `/training-runs/by-id/${waiting.id}/cancel`,
      organization.secret.key,
      {},
    );
    expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled" } });
    expect(await takeRun(system(), waiting.id)).toBeUndefined();

    const running = await start();
    const handle = await takeRun(system(), running.id);
    await call("POST", `/training-runs/by-id/${running.id}/cancel`, organization.secret.key, {});
    await expect(handle?.change({ progressPercentage: 50 }, { type: "progress", data: {} })).rejects.toThrow(
      RunCancelled,
    );
    await settleCancelled(system(), running.id);
    const { body } = await call<TrainingRun>(
      "GET",
      `/training-runs/by-id/${running.id}`,
      organization.secret.key,
    );
    expect(body).toMatchObject({ status: "cancelled", progress_percentage: 0 });
    expect(
      (await call("POST", `/training-runs/by-id/${running.id}/cancel`, organization.secret.key, {})).status,
    ).toBe(409);
  });

  it("streams events after the last one seen and ends with the run", async () => {
    const run = await start();
    const handle = await takeRun(system(), run.id);
    await handle?.change({ progressPercentage: 10 }, { type: "progress", data: { trials: 1 } });
    await handle?.change(
      { status: "completed", end: true, progressPercentage: 100 },
      { type: "completed", data: { outcome: "seed_kept" } },
    );
    const seen = [];
    for await (const event of watchTrainingRun(system(), run.id, 1, new AbortController().signal))
      seen.push([event.id, event.event]);
    expect(seen).toEqual([
      ["2", "progress"],
      ["3", "completed"],
      ["3", "end"],
    ]);
    const response = await server.inject({
      method: "GET",
      url: `/api/learning/training-runs/by-id/${run.id}/events`,
      headers: { authorization: `Bearer ${organization.secret.key}`, "last-event-id": "2" },
    });
    expect(response.headers["content-type"]).toContain("text/event-stream");
    expect(response.body).toContain("id: 3\nevent: completed\n");
    expect(response.body).not.toContain("event: progress");
  });

  describe("review", () => {
    it("is for another person than the one who started the run, and for a completed run", async () => {
      const run = await start(organization.members.reviewer.key);
      const path = `/training-runs/by-id/${run.id}/review`;
      expect(
        (await call("POST", path, organization.members.reviewer.key, { decision: "approved" })).status,
      ).toBe(403);
      expect(
        (await call("POST", path, organization.members.admin.key, { decision: "approved" })).status,
      ).toBe(409);
      const handle = await takeRun(system(), run.id);
      await handle?.change({ status: "completed", end: true }, { type: "completed", data: {} });
      const approved = await call<TrainingRun>("POST", path, organization.members.admin.key, {
        decision: "approved",
        notes: "read it",
      });
      expect(approved).toMatchObject({
        status: 200,
        body: {
          review_status: "approved",
          reviewed_by: organization.members.admin.id,
          review_notes: "read it",
        },
      });
    });
  });
});

import type { TrainingRun } from "@agent-learning/contract";
import { sql } from "kysely";
import { afterEach, expect, it } from "vitest";
import { withSystem } from "../../../database/index.ts";
import { describeEachEngine, setClock } from "../../../testing/test-database.ts";
import type { RecordingJobQueue } from "../../../testing/test-services.ts";
import {
  BEGINNER,
  functionModel,
  imitate,
  modelProvider,
  openBench,
  type PromptBench,
} from "../prompt-actions.testing.ts";
import { continuousPromptLearning } from "./start-due-runs.ts";

const POLICY = { prompt_learning: { mode: "continuous", min_new_examples: 30, min_hours_between_runs: 24 } };

describeEachEngine("prompt learning that goes on by itself", (context) => {
  let bench: PromptBench | undefined;
  let index = 0;
  afterEach(async () => {
    await setClock(context.database, "0");
    await bench?.server.close();
  });

  async function open(policy: Record<string, unknown> = POLICY, model = functionModel(imitate)) {
    const opened = await openBench(
      context.database,
      { models: modelProvider(model), vetCandidate: async () => undefined },
      policy,
    );
    bench = opened;
    const { services, organization, agentId, addExamples, call } = opened;
    return {
      ...opened,
      sweep: () => continuousPromptLearning.sweep(services, organization.id),
      runs: async () => (await call<{ data: TrainingRun[] }>("GET", "/training-runs/my-agent")).data,
      jobs: () => (services.jobs as RecordingJobQueue).enqueued,
      /** Examples that are approved now. */
      approve: async (perLabel: number) => {
        await addExamples(perLabel, undefined, index);
        index += perLabel;
        await withSystem(context.database.kysely, (tx) =>
          tx
            .updateTable("learning_examples")
            .set({ reviewed_at: sql<Date>`learning_now()` })
            .where("organization_id", "=", organization.id)
            .where("agent_id", "=", agentId)
            .where("reviewed_at", "=", new Date("2026-01-01"))
            .execute(),
        );
      },
    };
  }

  it("starts one run when enough was approved, whoever looks and however often", async () => {
    const { sweep, runs, jobs, approve, putIntoService, call, organization } = await open();
    await putIntoService(BEGINNER);
    await approve(9);
    await sweep();
    expect(await runs()).toEqual([]);
    await approve(1);
    await Promise.all([sweep(), sweep(), sweep()]);
    await sweep();
    const [run, ...more] = await runs();
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      status: "pending",
      created_by: null,
      config: { budget_calls: 400, evaluator: { kind: "normalised" } },
      description: expect.stringContaining("30 or more examples") as string,
    });
    expect(jobs()).toMatchObject([{ data: { runId: run?.id } }]);
    const audit = await call<{ data: { action: string; actor_kind?: string }[] }>(
      "GET",
      `/audit?entity_type=training_run&entity_id=${run?.id}`,
      undefined,
      organization.members.admin.key,
    );
    expect(audit.data).toMatchObject([{ action: "training-run.created" }]);
  });

  it("learns, then waits for as much new evidence and for the hours between runs", async () => {
    const { sweep, runs, run, approve, putIntoService } = await open();
    await putIntoService(BEGINNER);
    await approve(20);
    await sweep();
    const [first] = await runs();
    await run(first?.id ?? "");
    expect((await runs())[0]).toMatchObject({ status: "completed" });
    // Enough time, no evidence.
    await setClock(context.database, "25 hours");
    await sweep();
    expect(await runs()).toHaveLength(1);
    // Enough evidence: the second run. Then more evidence, and no time.
    await approve(10);
    await sweep();
    expect(await runs()).toHaveLength(2);
    await run((await runs())[0]?.id ?? "");
    await approve(10);
    await sweep();
    expect(await runs()).toHaveLength(2);
    await setClock(context.database, "50 hours");
    await sweep();
    expect(await runs()).toHaveLength(3);
  });

  it("tries once in the hours between runs when runs fail, without waiting for more evidence", async () => {
    const { sweep, runs, run, services, approve, putIntoService } = await open();
    await putIntoService({ runtime: "model", components: { system_prompt: "Name the subject." } });
    await approve(10);
    await sweep();
    Object.assign(services, {
      models: { ...services.models, load: () => Promise.reject(new Error("no file")) },
    });
    await run((await runs())[0]?.id ?? "");
    expect((await runs())[0]).toMatchObject({ status: "failed" });
    await sweep();
    expect(await runs()).toHaveLength(1);
    await setClock(context.database, "25 hours");
    await sweep();
    await sweep();
    expect(await runs()).toHaveLength(2);
  });

  it("does not start what the budget does not carry, and starts it once it does", async () => {
    const { sweep, runs, approve, putIntoService, call, organization } = await open();
    await putIntoService({ runtime: "model", components: { system_prompt: "Name the subject." } });
    await approve(10);
    const admin = organization.members.admin.key;
    await call("PUT", "/budget", { max_calls: 399 }, admin);
    await sweep();
    expect(await runs()).toEqual([]);
    await call("PUT", "/budget", { max_calls: 400 }, admin);
    await sweep();
    expect(await runs()).toHaveLength(1);
  });

  it.each([
    ["the policy does not say so", { prompt_learning: { min_new_examples: 1 } }, {}],
    ["learning is off", POLICY, { learning_enabled: false }],
  ])("starts nothing where %s", async (_why, policy, config) => {
    const { sweep, runs, approve, putIntoService, call, organization } = await open(policy);
    await putIntoService(BEGINNER);
    await approve(20);
    const agent = await call<{ config: Record<string, unknown>; version: number }>("GET", "/agents/my-agent");
    const response = await bench?.server.inject({
      method: "PATCH",
      url: "/api/learning/agents/my-agent",
      headers: {
        authorization: `Bearer ${organization.members.admin.key}`,
        "if-match": `"${agent.version}"`,
        "content-type": "application/json",
      },
      payload: JSON.stringify({ config: { ...agent.config, ...config } }),
    });
    expect(response?.statusCode, response?.body).toBe(200);
    await sweep();
    expect(await runs()).toEqual([]);
  });
});

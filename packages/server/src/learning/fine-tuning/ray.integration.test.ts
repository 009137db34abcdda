import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FineTuningEstimate, TrainingRun } from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { type RayCluster, startRayCluster } from "./backends/ray/ray-cluster.testing.ts";
import { createRayBackend } from "./backends/ray/ray-backend.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";

const MODEL = { runtime: "model", components: { system_prompt: "Name the subject." } };

describeEachEngine("fine-tuning on a Ray cluster", (suite) => {
  let cluster: RayCluster;
  let bench: FineTuningBench;
  const open = (token: string): Promise<FineTuningBench> =>
    openFineTuning(suite.database, (config) => {
      const trainer = join(import.meta.dirname, "backends", "trl", "fake-trainer.testing.ts");
      const command = `'${process.execPath}' '${trainer}' '${join(config.dataDirectory, "behaviour.json")}'`;
      const ray = { url: cluster.url, token, command, gpus: 1 };
      const backend = createRayBackend({ ...config, training: { ...config.training, ray } });
      return { trainingBackends: new Map([[backend.name, backend]]) };
    });
  beforeEach(async () => {
    cluster = await startRayCluster();
    bench = await open(cluster.token);
    await bench.serve(MODEL);
  });
  afterEach(async () => {
    await setClock(suite.database, "0");
    await cluster.close();
    await bench.close();
  });

  const start = async (of = bench): Promise<string> => {
    const drafted = await of.draft({ dataset_id: await of.dataset(40), config: { backend: "ray" } });
    expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
    expect((await of.post(drafted.body.id, "start")).status).toBe(202);
    return drafted.body.id;
  };
  const look = async (runId: string, holds: (run: TrainingRun) => boolean): Promise<TrainingRun> => {
    const end = Date.now() + 60_000;
    for (;;) {
      await bench.advance(runId);
      const run = await bench.read(runId);
      if (holds(run)) return run;
      if (Date.now() > end) throw new Error(JSON.stringify(run));
      await sleep(20);
    }
  };

  it("submits the trainer as a job, reads what it writes, and leaves no job behind", async () => {
    bench.behave({ steps: 3, milliseconds: 200 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    expect(cluster.jobs).toMatchObject([
      {
        submission_id: `agent-learning-${id}-1`,
        entrypoint_num_gpus: 1,
        metadata: { agent_learning_run: id, attempt: "1" },
      },
    ]);
    const run = await bench.until(id, "awaiting_review", "failed");
    expect(run, JSON.stringify(run.error)).toMatchObject({ phase: "awaiting_review", current_step: 3 });
    const version = await bench.version(run.candidate_version_id);
    expect(version.config.adapter).toMatchObject({ format: "gguf-lora", training_run_id: id });
    const lines = (await bench.events(id)).flatMap(({ type, data }) => (type === "log" ? data["lines"] : []));
    expect(lines).toEqual(["training by sft from step 0"]);
    expect(cluster.jobs).toEqual([]);
    expect(existsSync((await bench.stored(id)).work)).toBe(false);
  });

  it("waits in the cluster's queue for as long as the cluster answers", async () => {
    cluster.full = true;
    const id = await start();
    await bench.until(id, "running");
    for (const hours of [1, 2, 3, 4]) {
      await setClock(suite.database, `${hours} hours`);
      await bench.advance(id);
    }
    expect(await bench.read(id)).toMatchObject({ phase: "running", current_step: null });
    cluster.full = false;
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect((await bench.events(id)).filter(({ type }) => type === "retried")).toEqual([]);
  });

  it("pauses, resumes and cancels", async () => {
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    await bench.post(id, "pause");
    const paused = await bench.until(id, "paused");
    await bench.post(id, "resume");
    await look(id, (run) => run.phase === "running" && (run.current_step ?? 0) > (paused.current_step ?? 0));
    await bench.post(id, "cancel");
    await bench.until(id, "cancelled");
    expect(cluster.jobs).toEqual([]);
  });

  it("leaves no rows lying about, though the head does not answer", async () => {
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    const { work } = await bench.stored(id);
    cluster.isDown = true;
    await bench.post(id, "cancel");
    await bench.until(id, "cancelled");
    expect(existsSync(work)).toBe(false);
  });

  it("goes on from the checkpoint when a node takes the trainer with it", async () => {
    bench.behave({ steps: 6, dieAt: 3 });
    const id = await start();
    await look(id, (run) => run.current_step === 3);
    bench.behave({ steps: 6 });
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    const events = await bench.events(id);
    expect(events.filter(({ type }) => type === "submitted")).toHaveLength(2);
    expect(events.flatMap(({ type, data }) => (type === "log" ? (data["lines"] as string[]) : []))).toContain(
      "training by sft from step 3",
    );
  });

  it("says what the cluster says of a trainer that cannot start, and gives up after three more tries", async () => {
    const id = await start();
    bench.behave({ steps: 5, startsBroken: true });
    const run = await bench.until(id, "failed", "lost", "awaiting_review");
    expect(run).toMatchObject({ phase: "lost", error: { kind: "infrastructure" } });
    expect(JSON.stringify(run.error)).toContain("No module named 'torch'");
    expect((await bench.events(id)).filter(({ type }) => type === "submitted")).toHaveLength(4);
  });

  it("stops a trainer that hangs, and starts it again", async () => {
    bench.behave({ steps: 6, hangAt: 3 });
    const id = await start();
    await look(id, (run) => run.current_step === 3);
    bench.behave({ steps: 6 });
    await setClock(suite.database, "10 minutes");
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect((await bench.events(id)).find(({ type }) => type === "retried")?.data["message"]).toContain(
      "no sign of life",
    );
  });

  it("submits once though the answer is lost, and outlives a head that is away", async () => {
    cluster.losesAnswer = true;
    bench.behave({ steps: 6, milliseconds: 50 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    expect(cluster.jobs).toHaveLength(1);
    cluster.isDown = true;
    await look(id, (run) => run.current_step === 6 || run.phase !== "running");
    cluster.isDown = false;
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
  });

  it("waits for a head that is away when the run begins", async () => {
    bench.behave({ steps: 4, milliseconds: 20 });
    cluster.isDown = true;
    const id = await start();
    await expect
      .poll(async () => {
        await bench.advance(id);
        return (await bench.events(id)).filter(({ type }) => type === "retried").length;
      })
      .toBe(2);
    expect(await bench.read(id)).toMatchObject({ phase: "queued", error: null });
    cluster.isDown = false;
    await setClock(suite.database, "2 minutes");
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
  });

  it("says what is missing, and repeats no token", async () => {
    const wrong = await open("a-wrong-token");
    try {
      await wrong.serve(MODEL);
      const run = await wrong.until(await start(wrong), "failed");
      expect(run).toMatchObject({ error: { kind: "environment" } });
      expect(JSON.stringify(run.error)).toContain("401");
      expect(JSON.stringify(run)).not.toContain("a-wrong-token");
    } finally {
      await wrong.close();
    }
    const none = await openFineTuning(suite.database, (config) => {
      const backend = createRayBackend(config);
      return { trainingBackends: new Map([[backend.name, backend]]) };
    });
    try {
      await none.serve(MODEL);
      const drafted = await none.draft({ dataset_id: await none.dataset(40), config: { backend: "ray" } });
      const { body } = await none.api.call<FineTuningEstimate>(
        none.organization,
        "GET",
        `/training-runs/by-id/${drafted.body.id}/estimate`,
      );
      expect(body.missing.join(" ")).toContain("LEARNING_RAY_URL");
    } finally {
      await none.close();
    }
  });
});

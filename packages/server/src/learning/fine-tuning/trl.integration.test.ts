import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FineTuningEstimate, TrainingArtifacts, TrainingRun } from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { contextBackend } from "./backends/context.ts";
import { createTrlBackend } from "./backends/trl/trl-backend.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";
import { watchFineTuning } from "./job.ts";
import { readArtifacts } from "./store.ts";
import { artifactPath } from "./artifacts/artifact-files.ts";
import { createTestContext, recordingJobQueue } from "../../testing/test-services.ts";

const MODEL = { runtime: "model", components: { system_prompt: "Name the subject." } };

/** Resolves when no process has this id: one that was killed has it until its end is noticed. */
async function gone(pid: number | undefined): Promise<void> {
  const isThere = (): boolean => {
    try {
      return process.kill(pid ?? 0, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isThere, { timeout: 30_000 }).toBe(false);
}

describeEachEngine("fine-tuning by a trainer of its own", (suite) => {
  let bench: FineTuningBench;
  beforeEach(async () => {
    bench = await openFineTuning(suite.database);
    await bench.serve(MODEL);
  });
  afterEach(async () => {
    await setClock(suite.database, "0");
    await bench.close();
  });

  const start = async (
    body: Record<string, unknown> = {},
    output: (label: string) => string = (label) => label,
  ): Promise<string> => {
    const dataset = await bench.dataset(40, { output });
    const drafted = await bench.draft({ dataset_id: dataset, ...body });
    expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
    const started = await bench.post(drafted.body.id, "start");
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    return drafted.body.id;
  };
  /** Looks until something holds. */
  const look = async (
    runId: string,
    holds: (run: TrainingRun) => boolean | Promise<boolean>,
  ): Promise<TrainingRun> => {
    const end = Date.now() + 60_000;
    for (;;) {
      await bench.advance(runId);
      const run = await bench.read(runId);
      if (await holds(run)) return run;
      if (Date.now() > end) throw new Error(JSON.stringify(run));
      await sleep(20);
    }
  };
  const download = async (
    runId: string,
    artifactId: string,
    as: "reviewer" | "viewer" = "reviewer",
  ): Promise<{ status: number; bytes: Buffer; headers: Record<string, unknown> }> => {
    const response = await bench.api.server.inject({
      method: "GET",
      url: `/api/learning/training-runs/by-id/${runId}/artifacts/${artifactId}/content`,
      headers: { authorization: `Bearer ${bench.organization.members[as].key}` },
    });
    return { status: response.statusCode, bytes: response.rawPayload, headers: response.headers };
  };
  const attempts = async (runId: string): Promise<number> =>
    (await bench.events(runId)).filter(({ type }) => type === "submitted").length;

  it("trains, keeps the adapter by its hash, measures it and has it served after a review", async () => {
    const id = await start({ hyperparameters: { epochs: 2 } });
    const run = await bench.until(id, "awaiting_review", "failed");
    expect(run, JSON.stringify(run.error)).toMatchObject({
      phase: "awaiting_review",
      current_step: 3,
      total_steps: 3,
      model_artifact_path: `/api/learning/training-runs/by-id/${id}/artifacts`,
      hyperparameters: { epochs: 2, learning_rate: 2e-4, lora_r: 8 },
    });
    const { body: artifacts } = await bench.api.call<TrainingArtifacts>(
      bench.organization,
      "GET",
      `/training-runs/by-id/${id}/artifacts`,
    );
    expect(artifacts.data.map(({ name, kind }) => [name, kind])).toEqual([
      ["adapter.gguf", "adapter_gguf"],
      ["adapter/adapter_model.safetensors", "adapter_safetensors"],
    ]);
    const [adapter] = artifacts.data;
    const fetched = await download(id, adapter?.id ?? "");
    expect(fetched.status).toBe(200);
    expect(createHash("sha256").update(fetched.bytes).digest("hex")).toBe(adapter?.sha256);
    expect(fetched.bytes).toHaveLength(adapter?.bytes ?? 0);
    expect(fetched.headers["x-content-hash"]).toBe(adapter?.sha256);
    expect(fetched.headers["content-disposition"]).toBe('attachment; filename="adapter.gguf"');
    expect((await download(id, id)).status).toBe(404);
    expect((await download(id, adapter?.id ?? "", "viewer")).status).toBe(403);
    const version = await bench.version(run.candidate_version_id);
    expect(version.config).toMatchObject({
      components: MODEL.components,
      adapter: { format: "gguf-lora", sha256: artifacts.data[0]?.sha256, base_model: "tiny-model.gguf" },
    });
    const gate = run.metrics["gate"] as { baseline_score: number; candidate_score: number };
    expect(gate.candidate_score).toBeGreaterThan(gate.baseline_score + 0.3);
    const events = await bench.events(id);
    const points = events.flatMap(({ type, data }) =>
      type === "metrics" ? (data["points"] as object[]) : [],
    );
    expect(points).toHaveLength(3);
    expect(points[0]).toMatchObject({ step: 1, loss: 1, learning_rate: 0.0002 });
    expect(events.find(({ type }) => type === "log")?.data).toEqual({
      lines: ["training by sft from step 0"],
    });
    // What people said is not left lying about.
    expect(existsSync((await bench.stored(id)).work)).toBe(false);
    expect((await bench.post(id, "review", "admin", { decision: "approved" })).status).toBe(200);
    await bench.until(id, "staging");
    const { body: staged } = await bench.api.call(
      bench.organization,
      "GET",
      "/agents/my-agent/serving?environment=staging",
    );
    expect(staged).toMatchObject({ default_version_id: version.id });
    // The next estimate knows how long this one took.
    const next = await bench.draft({ dataset_id: run.dataset_id });
    const { body: estimate } = await bench.api.call<FineTuningEstimate>(
      bench.organization,
      "GET",
      `/training-runs/by-id/${next.body.id}/estimate`,
    );
    expect(estimate).toMatchObject({
      basis: "earlier_runs",
      ready: true,
      expected_effect: { earlier_runs: 1 },
    });
    expect(estimate.expected_effect.earlier_gain).toBeGreaterThan(0.3);
  });

  it("goes on from the last checkpoint when the trainer is killed, whoever looks and whenever", async () => {
    bench.behave({ steps: 8, dieAt: 5 });
    const id = await start();
    await look(id, async () => (await attempts(id)) === 1 && existsSync((await bench.stored(id)).work));
    await look(id, async () => (await bench.read(id)).phase === "queued" || (await attempts(id)) > 1);
    bench.behave({ steps: 8 });
    const run = await bench.until(id, "awaiting_review", "failed");
    expect(run.phase, JSON.stringify(run.error)).toBe("awaiting_review");
    const events = await bench.events(id);
    const lines = events.flatMap(({ type, data }) => (type === "log" ? (data["lines"] as string[]) : []));
    expect(lines).toEqual(["training by sft from step 0", "training by sft from step 5"]);
    expect(events.find(({ type }) => type === "retried")?.data["message"]).toContain("ended without a word");
  });

  it("pauses and resumes, and is cancelled in good order", async () => {
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    expect((await bench.post(id, "resume")).status).toBe(409);
    expect((await bench.post(id, "pause")).status).toBe(202);
    const paused = await bench.until(id, "paused");
    expect(paused.status).toBe("paused");
    const { pid } = await bench.stored(id);
    await setClock(suite.database, "2 days");
    await bench.advance(id);
    expect(await bench.read(id)).toMatchObject({ phase: "paused", current_step: paused.current_step });
    expect((await bench.post(id, "resume")).status).toBe(202);
    await look(id, (run) => run.phase === "running" && (run.current_step ?? 0) > (paused.current_step ?? 0));
    expect((await bench.stored(id)).pid).toBe(pid);
    expect((await bench.post(id, "cancel")).body).toMatchObject({ phase: "running" });
    expect(await bench.until(id, "cancelled")).toMatchObject({
      status: "cancelled",
      candidate_version_id: null,
    });
    expect(existsSync((await bench.stored(id)).work)).toBe(false);
    expect((await bench.post(id, "cancel")).status).toBe(409);
  });

  it("starts a paused run again whose trainer has gone", async () => {
    bench.behave({ steps: 40, milliseconds: 20 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 1);
    await bench.post(id, "pause");
    await bench.until(id, "paused");
    const { pid } = await bench.stored(id);
    process.kill(pid ?? 0, "SIGKILL");
    await bench.post(id, "resume");
    bench.behave({ steps: 40, milliseconds: 1 });
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect(await attempts(id)).toBe(2);
  });

  it.each([
    ["whose loss is not a number", { steps: 5, nanAt: 2 }, "numeric", "step 2 is not a number"],
    [
      "that finds its rows wanting",
      { steps: 5, failAt: { step: 1, kind: "data", message: "row 3 is empty" } },
      "data",
      "row 3 is empty",
    ],
    ["whose files are not what it says", { steps: 2, lies: true }, "internal", "is not the file"],
  ])("ends a run for good %s", async (_, behaviour, kind, message) => {
    bench.behave(behaviour);
    const id = await start();
    const run = await bench.until(id, "failed", "awaiting_review");
    expect(run).toMatchObject({
      phase: "failed",
      error: {
        kind,
        message: expect.stringContaining(message) as string,
        advice: expect.any(String) as string,
      },
      candidate_version_id: null,
    });
    expect(await attempts(id)).toBe(1);
    const { work } = await bench.stored(id);
    expect(existsSync(work)).toBe(false);
  });

  it.each([
    [
      "a full disk",
      { steps: 5, failAt: { step: 2, kind: "infrastructure", message: "No space left on device" } },
      "failed",
      "No space left",
    ],
    ["one that cannot even start", { steps: 5, startsBroken: true }, "lost", "No module named 'torch'"],
  ])("tries %s again, and then gives up", async (_, behaviour, phase, message) => {
    bench.behave(behaviour);
    const id = await start();
    const run = await bench.until(id, "failed", "lost", "awaiting_review");
    expect(run).toMatchObject({ phase, status: "failed", error: { kind: "infrastructure" } });
    expect((run.error as { message: string }).message).toContain(message);
    expect(await attempts(id)).toBe(4);
  });

  it("goes on from its checkpoint when the disk has room again", async () => {
    const failAt = { step: 2, kind: "infrastructure", message: "The disk is full: No space left on device" };
    bench.behave({ steps: 4, failAt });
    const id = await start();
    await look(id, async () => (await bench.events(id)).some(({ type }) => type === "retried"));
    bench.behave({ steps: 4 });
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    const events = await bench.events(id);
    expect(events.find(({ type }) => type === "retried")?.data["message"]).toContain("The disk is full");
    expect(events.flatMap(({ type, data }) => (type === "log" ? (data["lines"] as string[]) : []))).toContain(
      "training by sft from step 2",
    );
  });

  it.each([
    ["dpo", undefined, "dpo", ["chosen", "prompt", "rejected"]],
    ["dpo", "kto", "kto", ["completion", "label", "prompt"]],
    ["rlhf", "reward", "reward", ["chosen", "prompt", "rejected"]],
    ["lora", "dpo", "dpo", ["chosen", "prompt", "rejected"]],
    ["lora", undefined, "sft", ["messages"]],
  ])("gives the trainer what %s by %s needs", async (type, asked, method, fields) => {
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const config = asked === undefined ? {} : { method: asked };
    const id = await start({ training_type: type, config });
    await look(id, (run) => (run.current_step ?? 0) > 0);
    const { work } = await bench.stored(id);
    const run = JSON.parse(await readFile(join(work, "run.json"), "utf8")) as Record<string, unknown>;
    expect(run).toMatchObject({ method, export_gguf: method !== "reward" });
    const [row] = (await readFile(join(work, "train.jsonl"), "utf8")).split("\n");
    expect(Object.keys(JSON.parse(row ?? "{}") as object).toSorted()).toEqual(fields);
    await bench.post(id, "cancel");
    await bench.until(id, "cancelled");
  });

  it("refuses what cannot be trained on, in words, before anything is started", async () => {
    const refused = async (body: Record<string, unknown>): Promise<string> => {
      const drafted = await bench.draft(body);
      expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
      const answer = await bench.post(drafted.body.id, "start");
      expect(answer.status).toBe(422);
      expect(await bench.read(drafted.body.id)).toMatchObject({ phase: "draft" });
      return JSON.stringify(answer.body);
    };
    // A dataset is made of all examples that there are: the small one comes first.
    expect(await refused({ dataset_id: await bench.dataset(3) })).toContain("are the least");
    const dataset = await bench.dataset(20);
    // Each message and the instruction are longer than sixteen tokens.
    expect(await refused({ dataset_id: dataset, hyperparameters: { max_length: 16 } })).toContain(
      "longer than 16 tokens",
    );
  });

  it("stops a trainer that hangs, by the database's clock, and starts it again", async () => {
    bench.behave({ steps: 6, hangAt: 3 });
    const id = await start();
    await look(id, (run) => run.current_step === 3);
    const { pid } = await bench.stored(id);
    bench.behave({ steps: 6 });
    await setClock(suite.database, "10 minutes");
    await bench.advance(id);
    await gone(pid);
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect((await bench.events(id)).find(({ type }) => type === "retried")?.data["message"]).toContain(
      "no sign of life",
    );
  });

  it("starts one trainer, however many workers are at the run", async () => {
    bench.behave({ steps: 20, milliseconds: 5 });
    const id = await start();
    await Promise.all([bench.advance(id), bench.advance(id), bench.advance(id)]);
    const run = await bench.until(id, "awaiting_review", "failed");
    expect(run.phase).toBe("awaiting_review");
    const lines = (await bench.events(id)).flatMap(({ type, data }) =>
      type === "log" ? (data["lines"] as string[]) : [],
    );
    expect(lines).toEqual(["training by sft from step 0"]);
  });

  it("refuses an adapter of shuffled labels at the evaluation", async () => {
    const labels = ["payroll", "audit", "vat"];
    let next = 0;
    const id = await start({}, () => labels[(next += 1) % labels.length] ?? "");
    const run = await bench.until(id, "failed", "awaiting_review");
    expect(run).toMatchObject({ phase: "failed", error: { kind: "evaluation" } });
  });

  it("does not stage an adapter that is not the one that was reviewed", async () => {
    const id = await start();
    await bench.until(id, "awaiting_review");
    await bench.post(id, "review", "admin", { decision: "approved" });
    const ctx = createTestContext(bench.services, bench.organization, "admin");
    const [file] = await ctx.transact((tenant) => readArtifacts(tenant, id));
    const place = artifactPath(bench.services.config, bench.organization.id, file?.sha256 ?? "");
    await writeFile(place, "other weights");
    expect((await download(id, file?.id ?? "")).status).toBe(409);
    const run = await bench.until(id, "failed", "staging");
    expect(run).toMatchObject({ phase: "failed", error: { kind: "internal" } });
  });

  it("stops when a person's examples are erased from under it", async () => {
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const id = await start();
    await look(id, (run) => (run.current_step ?? 0) > 0);
    const { pid, work } = await bench.stored(id);
    const { organization, api } = bench;
    await api.call(organization, "POST", "/executions", {
      as: "secret",
      body: {
        agent_id: "my-agent",
        execution_id: "asked",
        user_id: "asker",
        input_text: "a question",
        status: "succeeded",
      },
    });
    await withSystem(suite.database.kysely, async (tx) => {
      const { id: asker } = await tx
        .selectFrom("users")
        .select("id")
        .where("organization_id", "=", organization.id)
        .where("external_id", "=", "asker")
        .executeTakeFirstOrThrow();
      const theirs = await tx
        .selectFrom("learning_examples")
        .select("id")
        .where("organization_id", "=", organization.id)
        .limit(1)
        .executeTakeFirstOrThrow();
      await tx
        .updateTable("learning_examples")
        .set({ source_user_id: asker })
        .where("organization_id", "=", organization.id)
        .where("id", "=", theirs.id)
        .execute();
    });
    const erased = await api.call(organization, "DELETE", "/persons/asker", { as: "admin" });
    expect(erased.status, JSON.stringify(erased.body)).toBe(200);
    await bench.advance(id);
    expect(await bench.read(id)).toMatchObject({ phase: "failed", error: { kind: "data" } });
    await gone(pid);
    expect(existsSync(work)).toBe(false);
  });

  it("says what is missing: the trainer, what it needs, a model", async () => {
    const dataset = await bench.dataset(40);
    const { body } = await bench.draft({ dataset_id: dataset });
    const estimate = async (of: FineTuningBench): Promise<string[]> =>
      (
        await of.api.call<FineTuningEstimate>(
          of.organization,
          "GET",
          `/training-runs/by-id/${body.id}/estimate`,
        )
      ).body.missing;
    expect(await estimate(bench)).toEqual([]);
    bench.behave({ missing: ["torch 2.13.0"] });
    expect((await bench.post(body.id, "start")).status).toBe(202);
    expect(await bench.until(body.id, "failed")).toMatchObject({
      error: { kind: "environment", message: expect.stringContaining("torch 2.13.0") as string },
    });

    const bare = await openFineTuning(suite.database, (config) => ({
      trainingBackends: new Map(
        [
          contextBackend,
          createTrlBackend({
            ...config,
            model: { kind: "none" },
            training: { ...config.training, trainer: join(bench.folder, "nowhere") },
          }),
        ].map((backend) => [backend.name, backend]),
      ),
    }));
    try {
      await bare.serve(MODEL);
      const drafted = await bare.draft({ dataset_id: await bare.dataset(40) });
      const started = await bare.post(drafted.body.id, "start");
      expect(started.status).toBe(409);
      const said = JSON.stringify(started.body);
      expect(said).toContain("LEARNING_MODEL_PATH");
      expect(said).toContain("trainers/trl/README.md");
      expect(await bare.read(drafted.body.id)).toMatchObject({ phase: "draft" });
    } finally {
      await bare.close();
    }
  });

  it("trains a reward model, and by GRPO against it once it is approved", async () => {
    const reward = await start({ training_type: "rlhf", config: { method: "reward" } });
    const made = await bench.until(reward, "awaiting_review", "failed");
    expect(made, JSON.stringify(made.error)).toMatchObject({
      phase: "awaiting_review",
      candidate_version_id: null,
    });
    const grpo = {
      training_type: "rlhf",
      dataset_id: made.dataset_id,
      config: { method: "grpo", reward_run_id: reward },
    };
    const early = await bench.draft(grpo);
    const refused = await bench.post(early.body.id, "start");
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.body)).toContain("not approved");
    await bench.post(reward, "review", "admin", { decision: "approved" });
    await bench.advance(reward);
    expect(await bench.read(reward)).toMatchObject({ phase: "approved" });
    bench.behave({ steps: 10_000, milliseconds: 5 });
    expect((await bench.post(early.body.id, "start")).status).toBe(202);
    await look(early.body.id, (run) => (run.current_step ?? 0) > 0);
    const { work } = await bench.stored(early.body.id);
    const run = JSON.parse(await readFile(join(work, "run.json"), "utf8")) as Record<string, unknown>;
    expect(run).toMatchObject({
      version: 1,
      method: "grpo",
      reward_model: join(work, "reward_model", "model.safetensors"),
    });
    expect(existsSync(join(work, "reward_model", "model.safetensors"))).toBe(true);
    const [row] = (await readFile(join(work, "train.jsonl"), "utf8")).split("\n");
    expect(Object.keys(JSON.parse(row ?? "{}") as object)).toEqual(["prompt"]);
    await bench.post(early.body.id, "cancel");
    await bench.until(early.body.id, "cancelled");
  });

  it("is looked at by the schedule while there is something to do, and no longer", async () => {
    const jobs = recordingJobQueue();
    const services = { ...bench.services, jobs };
    const id = await start();
    await watchFineTuning.sweep(services, bench.organization.id);
    expect(jobs.enqueued).toMatchObject([{ name: "learning-fine-tuning", data: { runId: id } }]);
    await bench.until(id, "awaiting_review");
    await watchFineTuning.sweep(services, bench.organization.id);
    expect(jobs.enqueued).toHaveLength(1);
  });
});

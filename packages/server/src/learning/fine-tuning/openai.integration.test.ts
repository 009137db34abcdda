import type { FineTuningEstimate } from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createModelProvider } from "../../models/create-language-model.ts";
import { describeEachEngine, setClock } from "../../testing/test-database.ts";
import { createTrainingBackends } from "./backends/create-backends.ts";
import {
  type FineTuningEndpoint,
  startFineTuningEndpoint,
} from "./backends/openai/fine-tuning-endpoint.testing.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";

const MODEL = { runtime: "model", components: { system_prompt: "Name the subject." } };

describeEachEngine("fine-tuning at an endpoint of OpenAI's shape", (suite) => {
  let endpoint: FineTuningEndpoint;
  let bench: FineTuningBench;
  const open = (environment: Record<string, string> = {}): Promise<FineTuningBench> =>
    openFineTuning(
      suite.database,
      (config) => ({
        models: createModelProvider(config.model),
        trainingBackends: createTrainingBackends(config),
      }),
      {
        LEARNING_MODEL_URL: endpoint.url,
        LEARNING_MODEL: "small-model",
        LEARNING_MODEL_KEY: endpoint.key,
        LEARNING_MODEL_TRAINING: "1",
        ...environment,
      },
    );
  beforeEach(async () => {
    endpoint = await startFineTuningEndpoint();
    bench = await open();
    await bench.serve(MODEL);
  });
  afterEach(async () => {
    await bench.close();
    await endpoint.close();
  });

  const start = async (body: Record<string, unknown> = {}, of = bench): Promise<string> => {
    const drafted = await of.draft({
      dataset_id: await of.dataset(20),
      config: { backend: "openai" },
      ...body,
    });
    expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
    const started = await of.post(drafted.body.id, "start");
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    return drafted.body.id;
  };
  const uploads = (): number =>
    endpoint.requests.filter(({ method, path }) => method === "POST" && path === "/v1/files").length;
  const linesOf = (file: string): Record<string, unknown>[] =>
    (endpoint.files.get(file)?.text ?? "")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("uploads the rows, follows the job, has its model answer, and leaves nothing there but the model", async () => {
    endpoint.behaviour.holdAt = 1;
    const id = await start({ hyperparameters: { epochs: 2, batch_size: 4 } });
    await expect
      .poll(async () => {
        await bench.advance(id);
        return (await bench.read(id)).current_step;
      })
      .toBe(1);
    const [job] = endpoint.jobs;
    expect(job).toMatchObject({
      model: "small-model",
      seed: 1,
      method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 2, batch_size: 4 } } },
      metadata: { agent_learning_run: id },
    });
    expect(linesOf(job?.training_file ?? "")[0]).toEqual({
      messages: [
        { role: "system", content: "Name the subject." },
        { role: "user", content: expect.any(String) as string },
        { role: "assistant", content: expect.any(String) as string },
      ],
    });
    expect(uploads()).toBe(endpoint.files.size);
    endpoint.behaviour.holdAt = 99;
    const run = await bench.until(id, "awaiting_review", "failed");
    expect(run, JSON.stringify(run.error)).toMatchObject({ phase: "awaiting_review", total_steps: 3 });
    expect(run.metrics["trainer"]).toMatchObject({
      model: `ft:small-model:${job?.id ?? ""}`,
      trained_tokens: 1_000,
      checkpoints: [{ step: 2, model: "ft:small-model:ckpt-2" }],
    });
    const gate = run.metrics["gate"] as { baseline_score: number; candidate_score: number };
    expect(gate.candidate_score).toBeGreaterThan(gate.baseline_score + 0.3);
    const version = await bench.version(run.candidate_version_id);
    expect(version.config.adapter).toEqual({
      format: "endpoint-model",
      model: `ft:small-model:${job?.id ?? ""}`,
      training_run_id: id,
    });
    const events = await bench.events(id);
    expect(events.flatMap(({ type, data }) => (type === "metrics" ? data["points"] : []))).toEqual([
      { step: 1, loss: 1 },
      { step: 2, loss: 1 / 2 },
      { step: 3, loss: 1 / 3 },
    ]);
    expect(JSON.stringify([run, version, events, (await bench.stored(id)).checkpoint])).not.toContain(
      endpoint.key,
    );
    expect(endpoint.files.size).toBe(0);
    expect((await bench.post(id, "review", "admin", { decision: "approved" })).status).toBe(200);
    expect(await bench.until(id, "staging")).toMatchObject({ phase: "staging" });
  });

  it("trains on preferences by DPO", async () => {
    endpoint.behaviour.holdAt = 0;
    const id = await start({
      training_type: "dpo",
      config: { backend: "openai" },
      hyperparameters: { beta: 0.2 },
    });
    await bench.until(id, "running");
    const [job] = endpoint.jobs;
    expect(job?.method).toEqual({
      type: "dpo",
      dpo: { hyperparameters: { n_epochs: 1, batch_size: 8, beta: 0.2 } },
    });
    expect(linesOf(job?.training_file ?? "")[0]).toMatchObject({
      input: { messages: [{ role: "system" }, { role: "user" }] },
      preferred_output: [{ role: "assistant" }],
      non_preferred_output: [{ role: "assistant", content: "something else" }],
    });
  });

  it("pauses, resumes and cancels the job", async () => {
    endpoint.behaviour.holdAt = 1;
    const id = await start();
    await bench.until(id, "running");
    await bench.post(id, "pause");
    await bench.until(id, "paused");
    expect(endpoint.jobs[0]?.status).toBe("paused");
    await bench.post(id, "resume");
    await bench.until(id, "running");
    await bench.post(id, "cancel");
    expect(await bench.until(id, "cancelled")).toMatchObject({ candidate_version_id: null });
    expect(endpoint.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
    expect(endpoint.files.size).toBe(0);
  });

  it("goes on where the endpoint cannot pause, and says so", async () => {
    endpoint.behaviour.holdAt = 1;
    endpoint.behaviour.cannotPause = true;
    const id = await start();
    await bench.until(id, "running");
    await expect
      .poll(async () => {
        await bench.advance(id);
        return endpoint.jobs[0]?.status;
      })
      .toBe("running");
    await bench.post(id, "pause");
    await bench.advance(id);
    const refused = (await bench.events(id)).filter(({ type }) => type === "pause-refused");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.data["message"]).toContain("404");
    endpoint.behaviour.holdAt = 99;
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
  });

  it("makes one job, though the answer to its creation is lost", async () => {
    endpoint.behaviour.losesAnswer = true;
    const id = await start();
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect(endpoint.jobs).toHaveLength(1);
    expect(uploads()).toBe(2);
  });

  it("keeps one job, however many workers are at the run", async () => {
    const id = await start();
    await Promise.all([bench.advance(id), bench.advance(id), bench.advance(id)]);
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect(endpoint.jobs.filter(({ status }) => status === "succeeded")).toHaveLength(1);
  });

  it("waits out an endpoint that is away for a moment", async () => {
    endpoint.behaviour.refuse = [
      { method: "POST", path: /\/files$/, status: 503 },
      { method: "GET", path: /\/events$/, status: 0 },
      { method: "GET", path: /\/jobs\/[^/]+$/, status: 429 },
    ];
    const id = await start();
    expect(await bench.until(id, "awaiting_review", "failed")).toMatchObject({ phase: "awaiting_review" });
    expect(endpoint.jobs).toHaveLength(1);
  });

  it.each([
    [
      "rows that the endpoint does not take",
      { failsWith: { code: "invalid_training_file", message: "row 3 is odd", param: "training_file" } },
      { kind: "data", jobs: 1, words: "row 3 is odd" },
    ],
    [
      "a fault of the endpoint's",
      { failsWith: { code: "server_error", message: "try later", param: null } },
      { kind: "infrastructure", jobs: 4, words: "try later" },
    ],
    [
      "a loss that is not a number",
      { nanAt: 2 },
      { kind: "numeric", jobs: 1, words: "step 2 is not a number" },
    ],
    [
      "a job that is refused",
      { refuse: [{ method: "POST", path: /\/jobs$/, status: 400, message: "no such model" }] },
      { kind: "data", jobs: 0, words: "no such model" },
    ],
  ])("ends for %s", async (_what, behaviour, { kind, jobs, words }) => {
    Object.assign(endpoint.behaviour, behaviour);
    const id = await start();
    const run = await bench.until(id, "failed", "awaiting_review");
    expect(run).toMatchObject({
      phase: "failed",
      error: { kind, message: expect.stringContaining(words) as string },
      candidate_version_id: null,
    });
    expect(endpoint.jobs).toHaveLength(jobs);
    expect(endpoint.jobs.every(({ status }) => status !== "running")).toBe(true);
    expect(endpoint.files.size).toBe(0);
  });

  it("waits for an endpoint that is away when the run begins, longer each time", async () => {
    endpoint.behaviour.holdAt = 1;
    endpoint.behaviour.refuse = [
      { path: /jobs/, method: "GET", status: 429 },
      { path: /files/, method: "POST", status: 503 },
      { path: /files/, method: "POST", status: 503 },
      { path: /files/, method: "POST", status: 0 },
    ];
    const id = await start();
    const retries = async (): Promise<unknown[]> =>
      (await bench.events(id))
        .filter(({ type }) => type === "retried")
        .map(({ data }) => data["wait_seconds"]);
    const advancesTo = async (waits: number[]): Promise<void> => {
      await expect
        .poll(async () => {
          await bench.advance(id);
          return retries();
        })
        .toEqual(waits);
    };
    try {
      await advancesTo([0, 60]);
      for (let looks = 0; looks < 3; looks += 1) await bench.advance(id);
      expect(await bench.read(id)).toMatchObject({ phase: "queued" });
      await setClock(suite.database, "2 minutes");
      await advancesTo([0, 60, 600]);
      await setClock(suite.database, "20 minutes");
      expect(await bench.until(id, "running", "failed")).toMatchObject({ phase: "running" });
      expect(endpoint.jobs).toHaveLength(1);
    } finally {
      await setClock(suite.database, "0");
    }
  });

  it("says what is missing, and repeats no key", async () => {
    const estimate = async (of: FineTuningBench): Promise<string> => {
      await of.serve(MODEL);
      const drafted = await of.draft({ dataset_id: await of.dataset(20), config: { backend: "openai" } });
      const { body } = await of.api.call<FineTuningEstimate>(
        of.organization,
        "GET",
        `/training-runs/by-id/${drafted.body.id}/estimate`,
      );
      await of.close();
      return body.missing.join(" ");
    };
    expect(await estimate(await open({ LEARNING_MODEL_TRAINING: "0" }))).toContain(
      "LEARNING_MODEL_TRAINING=1",
    );
    expect(await estimate(await open({ LEARNING_MODEL_URL: "", LEARNING_MODEL: "" }))).toContain(
      "LEARNING_MODEL_URL",
    );
    const wrong = await open({ LEARNING_MODEL_KEY: "sk-a-wrong-key" });
    try {
      await wrong.serve(MODEL);
      const id = await start({}, wrong);
      const run = await wrong.until(id, "failed");
      expect(run).toMatchObject({ error: { kind: "environment" } });
      expect(JSON.stringify(run.error)).toContain("401");
      expect(JSON.stringify([run, await wrong.events(id)])).not.toContain("sk-a-wrong-key");
    } finally {
      await wrong.close();
    }
  });

  it.each([
    [{ training_type: "dpo", config: { backend: "openai", method: "kto" } }, "body.config.method"],
    [{ training_type: "rlhf", config: { backend: "openai" } }, "body.config.method"],
    [
      { config: { backend: "openai" }, hyperparameters: { learning_rate: 0.001 } },
      "body.hyperparameters.learning_rate",
    ],
  ])("refuses what an endpoint does not do: %j", async (body, path) => {
    const drafted = await bench.draft({ dataset_id: await bench.dataset(1), ...body });
    expect(drafted.status).toBe(422);
    expect(JSON.stringify(drafted.body)).toContain(path);
  });
});

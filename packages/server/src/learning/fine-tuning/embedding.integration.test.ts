import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  AgentVersionConfig,
  FineTuningEstimate,
  RetrievedTexts,
  TrainingArtifacts,
  TrainingRun,
} from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newId } from "../../new-id.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";

const MODEL = {
  runtime: "model",
  components: { system_prompt: "Answer." },
} satisfies Partial<AgentVersionConfig>;
const SUBJECTS = ["payroll", "audit", "travel", "leave", "vehicles", "premises", "insurance", "pensions"];
const BETTER = {
  before: Array.from({ length: 30 }, () => 4),
  after: Array.from({ length: 30 }, () => 1),
};

describeEachEngine("fine-tuning what finds passages", (suite) => {
  let bench: FineTuningBench;
  beforeEach(async () => {
    bench = await openFineTuning(suite.database);
    await bench.serve(MODEL);
  });
  afterEach(() => bench.close());

  const ok = async <T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> => {
    const answer = await bench.api.call<T>(bench.organization, method, path, {
      as: "secret",
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  /** Documents, and people who ask for each subject and mark the passage that answers. */
  const gather = async (questions: number): Promise<void> => {
    await ok("POST", "/agents/my-agent/documents", {
      documents: SUBJECTS.map((subject) => ({
        document_id: subject,
        text: `The rules of ${subject}: who is responsible for ${subject} writes down what was agreed.`,
      })),
    });
    const chunkOf = new Map<string, string>();
    for (const subject of SUBJECTS) {
      const { chunks } = await ok<RetrievedTexts>("POST", "/retrieve", {
        agent_id: "my-agent",
        query: subject,
      });
      chunkOf.set(subject, chunks[0]?.chunk_id ?? "");
    }
    const asked = Array.from({ length: questions }, (_, index) => {
      const subject = SUBJECTS[index % SUBJECTS.length] ?? "";
      return { subject, query: `who sees to ${subject} in case ${index}`, execution_id: `asked-${index}` };
    });
    const agent = { agent_id: "my-agent" };
    await ok("POST", "/executions", {
      executions: asked.map(({ query, execution_id: id }) => ({
        ...agent,
        execution_id: id,
        user_id: id === "asked-0" ? "asker" : "somebody",
        input_text: query,
        output_text: "an answer",
        status: "succeeded",
      })),
    });
    await ok("POST", "/retrievals", {
      retrievals: asked.map(({ query, execution_id: id }) => ({
        id: newId(),
        ...agent,
        execution_id: id,
        query,
        chunks: SUBJECTS.map((subject, place) => ({
          chunk_id: chunkOf.get(subject),
          rank: place + 1,
          score: 1 / (place + 1),
        })),
      })),
    });
    await ok("POST", "/feedback/batch", {
      feedback: asked.map(({ subject, execution_id: id }) => ({
        ...agent,
        execution_id: id,
        user_id: "somebody",
        feedback_type: "thumbs_up",
        metadata: { chunk_marks: [{ chunk_id: chunkOf.get(subject), relevant: true }] },
      })),
    });
  };
  const draft = (body: Record<string, unknown> = {}) =>
    bench.draft({ training_type: "lora", config: { method: "embedding" }, ...body });
  const started = async (): Promise<string> => {
    const drafted = await draft();
    expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
    const { status, body } = await bench.post(drafted.body.id, "start");
    expect(status, JSON.stringify(body)).toBe(202);
    return drafted.body.id;
  };
  const running = async (id: string): Promise<TrainingRun> => {
    const end = Date.now() + 60_000;
    for (;;) {
      await bench.advance(id);
      const run = await bench.read(id);
      if ((run.current_step ?? 0) > 0 || Date.now() > end) return run;
      await sleep(20);
    }
  };

  it("trains on pairs of retrieval learning, measures what is found, and is reviewed as a file", async () => {
    await gather(80);
    bench.behave({ steps: 10_000, milliseconds: 5, retrieval: BETTER });
    const drafted = await draft();
    const { body: estimate } = await bench.api.call<FineTuningEstimate>(
      bench.organization,
      "GET",
      `/training-runs/by-id/${drafted.body.id}/estimate`,
    );
    expect(estimate).toMatchObject({ ready: true, method: "embedding" });
    expect(estimate.rows.train + estimate.rows.validation).toBe(80);
    expect(estimate.rows.test).toBe(estimate.rows.validation);
    await bench.post(drafted.body.id, "start");
    const { id } = drafted.body;
    expect(await running(id)).toMatchObject({ phase: "running", dataset_id: null });
    const { work } = await bench.stored(id);
    const config = JSON.parse(await readFile(join(work, "run.json"), "utf8")) as object;
    expect(config).toMatchObject({ method: "embedding", export_gguf: false, validation: "validation.jsonl" });
    const rows = (await readFile(join(work, "train.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { query: string; positive: string; negatives: string[] });
    expect(rows).toHaveLength(estimate.rows.train);
    for (const { query, positive, negatives } of rows) {
      const subject = SUBJECTS.find((one) => query.includes(one)) ?? "";
      expect(positive).toContain(subject);
      expect(negatives.length).toBeGreaterThan(0);
      for (const other of negatives) expect(other).not.toContain(subject);
    }
    bench.behave({ steps: 3, retrieval: BETTER });
    process.kill((await bench.stored(id)).pid ?? 0, "SIGKILL");
    const run = await bench.until(id, "awaiting_review", "failed", "lost");
    expect(run, JSON.stringify(run.error)).toMatchObject({
      phase: "awaiting_review",
      candidate_version_id: null,
      metrics: {
        outcome: "artifact",
        gate: { metric: "mean_reciprocal_rank", baseline_score: 0.25, candidate_score: 1, rows: 30 },
      },
    });
    const { data } = await ok<TrainingArtifacts>("GET", `/training-runs/by-id/${id}/artifacts`);
    expect(data.map(({ name, kind }) => [name, kind])).toEqual([
      ["adapter/adapter_model.safetensors", "adapter_safetensors"],
    ]);
    expect((await bench.post(id, "review", "admin", { decision: "approved" })).body).toMatchObject({
      phase: "approved",
    });
  });

  it("is refused when it finds nothing sooner", async () => {
    await gather(80);
    bench.behave({ steps: 2, retrieval: { before: BETTER.before, after: BETTER.before } });
    const run = await bench.until(await started(), "awaiting_review", "failed");
    expect(run).toMatchObject({ phase: "failed", error: { kind: "evaluation" } });
  });

  it("stops when somebody who asked is erased", async () => {
    await gather(80);
    bench.behave({ steps: 10_000, milliseconds: 5 });
    const id = await started();
    await running(id);
    const { work } = await bench.stored(id);
    const erased = await bench.api.call(bench.organization, "DELETE", "/persons/asker", { as: "admin" });
    expect(erased.status, JSON.stringify(erased.body)).toBe(200);
    await bench.advance(id);
    expect(await bench.read(id)).toMatchObject({ phase: "failed", error: { kind: "data" } });
    expect(existsSync(work)).toBe(false);
  });

  it("says what is missing: evidence, or the texts of what was found", async () => {
    const none = await draft();
    const refused = await bench.post(none.body.id, "start");
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain("0 pairs of a query and a passage");
    await gather(8);
    const few = await draft();
    expect(JSON.stringify((await bench.post(few.body.id, "start")).body)).toContain("are the least");
    const long = await draft({ hyperparameters: { max_length: 16 } });
    expect((await bench.post(long.body.id, "start")).status).toBe(422);
  });

  it.each([
    [{ config: { method: "embedding", backend: "openai" } }, "body.config.method"],
    [{ config: { method: "embedding", days: 0 } }, "body.config.days"],
    [{ config: { method: "sft", days: 9 } }, "body.config.days"],
    [{ config: { method: "embedding" }, dataset: true }, "body.dataset_id"],
    [{ config: { method: "kto" } }, "body.dataset_id"],
  ])("refuses %j", async ({ dataset, ...body }: { config: object; dataset?: boolean }, path) => {
    const answer = await draft({
      ...body,
      ...(dataset === true ? { dataset_id: await bench.dataset(1) } : {}),
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(path);
  });
});

// Against a real Ray cluster of this machine, which only who has one can run:
//   python3 -m venv ray && ray/bin/pip install "ray[default]==2.56.1" && ray/bin/ray start --head --dashboard-host 127.0.0.1
//   TEST_RAY_URL=http://127.0.0.1:8265 npx vitest run --project integration ray-real-cluster
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrainingRun } from "@agent-learning/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createRayBackend } from "./backends/ray/ray-backend.ts";
import { type FineTuningBench, openFineTuning } from "./fine-tuning.testing.ts";

const url = process.env["TEST_RAY_URL"];
const token = process.env["TEST_RAY_TOKEN"];
const MODEL = { runtime: "model", components: { system_prompt: "Name the subject." } };
/** A job of Ray's takes its time to start: a supervisor of its own is started first. */
const PATIENCE = 240_000;

describeEachEngine("fine-tuning on a real Ray cluster", (suite) => {
  let bench: FineTuningBench;
  beforeEach(async () => {
    bench = await openFineTuning(suite.database, (config) => {
      const trainer = join(import.meta.dirname, "backends", "trl", "fake-trainer.testing.ts");
      const command = `'${process.execPath}' '${trainer}' '${join(config.dataDirectory, "behaviour.json")}'`;
      const ray = { url: url ?? "http://127.0.0.1:1", token, command, gpus: 0 };
      const backend = createRayBackend({ ...config, training: { ...config.training, ray } });
      return { trainingBackends: new Map([[backend.name, backend]]) };
    });
    await bench.serve(MODEL);
  });
  afterEach(() => bench.close());

  const start = async (): Promise<string> => {
    const drafted = await bench.draft({ dataset_id: await bench.dataset(40), config: { backend: "ray" } });
    expect(drafted.status, JSON.stringify(drafted.body)).toBe(202);
    expect((await bench.post(drafted.body.id, "start")).status).toBe(202);
    return drafted.body.id;
  };
  const look = async (runId: string, holds: (run: TrainingRun) => boolean): Promise<TrainingRun> => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      await bench.advance(runId);
      const run = await bench.read(runId);
      if (holds(run)) return run;
      if (Date.now() > end || run.phase === "failed") throw new Error(JSON.stringify(run));
      await sleep(200);
    }
  };
  const jobsOf = async (runId: string): Promise<{ status: string }[]> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url ?? ""}/api/jobs/`, { headers });
    const jobs = (await answer.json()) as { submission_id: string; status: string }[];
    return jobs.filter(({ submission_id: id }) => id?.startsWith(`agent-learning-${runId}`));
  };

  it.skipIf(url === undefined)(
    "submits the trainer as a job, reads what it writes, and leaves no job behind",
    async () => {
      bench.behave({ steps: 3, milliseconds: 3_000 });
      const id = await start();
      await look(id, (run) => (run.current_step ?? 0) > 0);
      expect(await jobsOf(id)).toMatchObject([{ status: "RUNNING" }]);
      const run = await look(id, ({ phase }) => phase === "awaiting_review");
      expect(run.current_step).toBe(3);
      const version = await bench.version(run.candidate_version_id);
      expect(version.config.adapter).toMatchObject({ format: "gguf-lora", training_run_id: id });
      expect(await jobsOf(id)).toEqual([]);
      expect(existsSync((await bench.stored(id)).work)).toBe(false);
    },
    PATIENCE,
  );

  it.skipIf(url === undefined)(
    "pauses, resumes and cancels",
    async () => {
      bench.behave({ steps: 100_000, milliseconds: 20 });
      const id = await start();
      await look(id, (run) => (run.current_step ?? 0) > 0);
      await bench.post(id, "pause");
      const paused = await look(id, ({ phase }) => phase === "paused");
      await bench.post(id, "resume");
      await look(
        id,
        (run) => run.phase === "running" && (run.current_step ?? 0) > (paused.current_step ?? 0),
      );
      await bench.post(id, "cancel");
      await look(id, ({ phase }) => phase === "cancelled");
      expect(await jobsOf(id)).toEqual([]);
    },
    PATIENCE,
  );
});

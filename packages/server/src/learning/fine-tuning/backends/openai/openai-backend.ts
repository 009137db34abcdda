import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";
import type { Config } from "../../../../config.ts";
import type { Context } from "../../../../context.ts";
import { createOutgoingFetch } from "../../../../outgoing/outgoing-fetch.ts";
import { adapterOf, withAdapter } from "../../adapter.ts";
import { trainingDirectory } from "../../artifacts/artifact-files.ts";
import { tokensOf, trainingLines } from "../../rows.ts";
import type { BackendHandle } from "../../run-state.ts";
import { type TrainingBackend, type TrainingPlan, TrainingRefused } from "../backend.ts";
import { toEndpointRow } from "./endpoint-rows.ts";
import { createFineTuningApi, type FineTuningApi, type RemoteJob, RUN } from "./fine-tuning-api.ts";
import { cursorSchema, observeJob } from "./observe-job.ts";

const handleSchema = z.object({ key: z.string(), job_id: z.string().optional() });
/** An endpoint may be away for an hour, and its queue as long as it likes: nothing is lost meanwhile. */
const PATIENCE = { start: 86_400, silence: 3_600, stall: 86_400 };
/** At once, for an answer may only have been lost; then after a minute and ten. */
const RETRY_SECONDS = [0, 60, 600];
const ENDED = ["failed", "cancelled"];

const METHOD = { sft: "supervised", dpo: "dpo" } as const;

/**
 * The fine-tuning API of the configured endpoint, in OpenAI's shape. What it trains is served there too, by the name that the endpoint
 * gives it. Jobs and files are found again by the run's id, so that a crash between a call and its answer makes no second one.
 */
export function createOpenaiBackend(config: Config, given?: FineTuningApi): TrainingBackend {
  const { model } = config;
  const endpoint = model.kind === "openai-compatible" ? model : undefined;
  const api = (): FineTuningApi => {
    if (given !== undefined) return given;
    if (endpoint === undefined) throw new TrainingRefused("environment", NO_ENDPOINT);
    // The operator chose the endpoint: it may well be on this machine.
    return createFineTuningApi({ ...endpoint, fetch: createOutgoingFetch({ allowPrivate: true }) });
  };
  const folderOf = (key: string): string => join(trainingDirectory(config), "runs", key);

  return {
    name: "openai",
    canPause: true,
    patience: PATIENCE,
    retrySeconds: RETRY_SECONDS,
    missing: async (_ctx, plan, quick) => {
      if (endpoint === undefined) return [NO_ENDPOINT];
      if (!config.training.atEndpoint) return [NOT_ALLOWED];
      if (adapterOf(plan.base.config)?.format === "gguf-lora") return [LOCAL_WEIGHTS];
      if (quick) return [];
      const problem = await api().problem();
      return problem === undefined ? [] : [problem];
    },
    estimateSeconds: async () => undefined,
    reserve: (_plan, key) => ({ key }),
    submit: async (ctx, plan, handle, attempt) => {
      const { key } = readHandle(handle);
      const found = await liveJob(api(), key, attempt);
      if (found !== undefined) return { ...handle, job_id: found.id };
      const files = await uploadRows(ctx, plan, api(), key, folderOf(key));
      const body = jobRequest(plan, key, attempt, files, endpoint?.name ?? "");
      const made = await api().createJob(body, `${key}-${attempt}`);
      // Of two workers that asked at once, both keep the same one.
      const kept = (await liveJob(api(), key, attempt)) ?? made;
      return { ...handle, job_id: kept.id };
    },
    poll: async (_ctx, handle, cursor) => {
      const job = await jobOf(api(), handle);
      if (job === undefined) {
        const fault = {
          kind: "infrastructure",
          message: "The endpoint does not know the job any more.",
        } as const;
        return { status: "gone", step: null, totalSteps: null, metrics: [], log: [], cursor, fault };
      }
      const events = await api().eventsSince(job.id, cursorSchema.parse(cursor).event);
      return observeJob(job, events, cursor, Date.now() / 1_000);
    },
    pause: async (handle) => {
      const job = await jobOf(api(), handle);
      if (job?.status === "running" || job?.status === "queued") await api().control(job.id, "pause");
    },
    resume: async (handle) => {
      const job = await jobOf(api(), handle);
      if (job?.status === "paused") await api().control(job.id, "resume");
      return job !== undefined;
    },
    cancel: async (handle, force) => {
      try {
        const job = await jobOf(api(), handle);
        if (job !== undefined && !isOver(job)) await api().control(job.id, "cancel");
      } catch (error) {
        // Without an answer there is nothing more that could be done from here.
        if (!force && !(error instanceof TrainingRefused)) throw error;
      }
    },
    artifacts: async (_ctx, plan, handle) => {
      const job = await jobOf(api(), handle);
      const name = job?.fine_tuned_model ?? null;
      if (job === undefined || name === null)
        throw new Error("The job succeeded, and the endpoint names no model that it made.");
      const checkpoints = (await api().checkpoints(job.id)).map(
        ({ step_number: step, fine_tuned_model_checkpoint: id, metrics }) => ({
          step,
          model: id,
          metrics: JSON.parse(JSON.stringify(metrics)) as JsonValue,
        }),
      );
      return {
        files: [],
        metrics: {
          trainer: { job_id: job.id, model: name, trained_tokens: job.trained_tokens, checkpoints },
        },
        candidate: () =>
          withAdapter(plan.base.config, {
            format: "endpoint-model",
            model: name,
            training_run_id: plan.runId,
          }),
      };
    },
    forget: async (handle) => {
      const { key } = readHandle(handle);
      await rm(folderOf(key), { recursive: true, force: true });
      // A run that never got as far as the endpoint left nothing there.
      if (endpoint === undefined || !config.training.atEndpoint) return;
      // What people said does not stay there for longer than it is needed.
      for (const file of await filesOf(api(), key)) await api().deleteFile(file.id);
    },
  };
}

const NO_ENDPOINT =
  "There is no endpoint that could train: set LEARNING_MODEL_URL and LEARNING_MODEL to one that speaks OpenAI's fine-tuning API, and start the server again.";
const NOT_ALLOWED =
  "Training at the endpoint is off, because the dataset goes there as files: set LEARNING_MODEL_TRAINING=1 to allow it.";
const LOCAL_WEIGHTS =
  "The version that serves has an adapter of this machine, which an endpoint cannot go on from: use the back end trl, or serve a version without it first.";

function readHandle(handle: BackendHandle): z.infer<typeof handleSchema> {
  return handleSchema.parse(handle);
}

function isOver({ status }: RemoteJob): boolean {
  return status === "succeeded" || ENDED.includes(status);
}

/** The job of a handle, or, where a crash came between, the one that was made for it. */
async function jobOf(api: FineTuningApi, handle: BackendHandle): Promise<RemoteJob | undefined> {
  const { key, job_id: id } = readHandle(handle);
  return id === undefined ? (await api.jobsOf(key)).at(-1) : api.job(id);
}

const ATTEMPT = "agent_learning_attempt";

/**
 * The job that does a run's work already: the first that has not ended in vain, or that was made for this very attempt. Others that
 * were made beside it are cancelled.
 */
async function liveJob(api: FineTuningApi, key: string, attempt: number): Promise<RemoteJob | undefined> {
  const jobs = await api.jobsOf(key);
  const [first, ...others] = jobs.filter((job) => !ENDED.includes(job.status));
  for (const job of others) if (!isOver(job)) await api.control(job.id, "cancel").catch(() => undefined);
  return first ?? jobs.find(({ metadata }) => metadata[ATTEMPT] === String(attempt));
}

const SPLITS = ["train", "validation"] as const;

function fileName(key: string, split: (typeof SPLITS)[number]): string {
  return `agent-learning-${key}-${split}.jsonl`;
}

async function filesOf(api: FineTuningApi, key: string): Promise<{ id: string; filename: string }[]> {
  const names = SPLITS.map((split) => fileName(key, split));
  return (await api.files()).filter(({ filename }) => names.includes(filename));
}

interface Uploaded {
  train: string;
  validation: string | undefined;
}

/** Uploads the rows, unless they are there. The local copy goes at once. */
async function uploadRows(
  ctx: Context,
  plan: TrainingPlan,
  api: FineTuningApi,
  key: string,
  folder: string,
): Promise<Uploaded> {
  const there = await filesOf(api, key);
  const ids: Partial<Record<(typeof SPLITS)[number], string>> = {};
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    for (const split of SPLITS) {
      const name = fileName(key, split);
      const path = join(folder, `${split}.jsonl`);
      const known = there.find(({ filename }) => filename === name)?.id;
      if (known !== undefined) ids[split] = known;
      else if ((await writeRows(ctx, plan, split, path)) > 0) ids[split] = (await api.upload(path, name)).id;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { train, validation } = ids;
  if (train === undefined)
    throw new TrainingRefused("data", "There is no training row that fits into hyperparameters.max_length.");
  return { train, validation };
}

async function writeRows(
  ctx: Context,
  plan: TrainingPlan,
  split: (typeof SPLITS)[number],
  path: string,
): Promise<number> {
  let count = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of trainingLines(ctx, plan, split)) {
      if (tokensOf(line) > plan.hyperparameters.max_length) continue;
      count += 1;
      yield `${JSON.stringify(toEndpointRow(line, plan.settings.method))}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }));
  return count;
}

function jobRequest(
  plan: TrainingPlan,
  key: string,
  attempt: number,
  files: Uploaded,
  configured: string,
): Record<string, unknown> {
  const { settings, hyperparameters, base } = plan;
  const { epochs, batch_size: batch, beta } = hyperparameters;
  const served = adapterOf(base.config);
  const type = METHOD[settings.method as keyof typeof METHOD];
  const common = { n_epochs: Math.max(1, Math.round(epochs)), batch_size: batch };
  return {
    // Training goes on from what serves.
    model: settings.base_model ?? (served?.format === "endpoint-model" ? served.model : configured),
    training_file: files.train,
    ...(files.validation === undefined ? {} : { validation_file: files.validation }),
    seed: settings.seed,
    suffix: `agent-learning-${key.slice(-8)}`,
    method: { type, [type]: { hyperparameters: type === "dpo" ? { ...common, beta } : common } },
    metadata: { [RUN]: key, [ATTEMPT]: String(attempt) },
  };
}

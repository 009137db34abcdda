import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, isAbsolute, join, normalize, resolve } from "node:path";
import type { JsonValue } from "@agent-learning/contract";
import { z } from "zod";
import type { Config } from "../../../../config.ts";
import { trainingDirectory } from "../../artifacts/artifact-files.ts";
import { withAdapter } from "../../adapter.ts";
import type { BackendHandle } from "../../run-state.ts";
import type { MadeFile, Observation, TrainingBackend, TrainingPlan } from "../backend.ts";
import { earlierWeights } from "./earlier-weights.ts";
import { findTrainer, trainerProblems } from "./find-trainer.ts";
import { isTrainerAt, killTrainer, startDetached, type TrainerCommand } from "./trainer-process.ts";
import {
  lastLine,
  readManifest,
  readNewLines,
  readTrainerState,
  toPoints,
  type TrainerState,
  writeControl,
  writeWhole,
} from "./work-folder.ts";
import { writeRun } from "./write-run.ts";

/** Seconds for each row and byte of the model: 320 rows of 60 tokens took 100 s on two cores with a model of 145 MB. */
const SECONDS_PER_ROW_AND_BYTE = 100 / 320 / 145e6;

const handleSchema = z.object({ work: z.string(), host: z.string() });
const cursorSchema = z.object({ metrics: z.number(), log: z.number() }).catch({ metrics: 0, log: 0 });

/** The Python trainer in a process of its own, spoken to by files in its folder: it outlives this server, and is found again. */
export function createTrlBackend(config: Config, given?: TrainerCommand): TrainingBackend {
  const baseModel = config.model.kind === "gguf" ? resolve(config.model.path) : undefined;
  const trainer = (): TrainerCommand | undefined => given ?? findTrainer(config);

  return {
    name: "trl",
    canPause: true,
    missing: async (ctx, plan, quick) => [
      ...modelProblems(plan, baseModel),
      ...(await earlierWeights(ctx, plan)).problems,
      ...(await trainerProblems(trainer(), quick)),
    ],
    estimateSeconds: async (plan, { rows }) => {
      if (baseModel === undefined) return undefined;
      const bytes = await stat(baseModel).then(
        ({ size }) => size,
        () => undefined,
      );
      return bytes === undefined
        ? undefined
        : rows * plan.hyperparameters.epochs * bytes * SECONDS_PER_ROW_AND_BYTE;
    },
    reserve: (_plan, key) => ({
      work: join(trainingDirectory(config), "runs", key),
      host: hostname(),
    }),
    submit: async (ctx, plan, handle, attempt) => {
      const { work } = workOf(handle);
      const command = trainer();
      if (command === undefined || baseModel === undefined)
        throw new Error("The trainer is not set up any more.");
      await mkdir(work, { recursive: true, mode: 0o700 });
      if (!(await claim(join(work, `submitted-${attempt}`)))) return handle;
      if (await isAlive(handle)) return handle;
      // What an earlier attempt said of itself is not this one's word.
      await rm(join(work, "state.json"), { force: true });
      await writeControl(work, undefined);
      const weights = await earlierWeights(ctx, plan);
      await writeRun(ctx, plan, { work, baseModel, ...(await weights.layOut(work)) });
      const pid = await startDetached(command, ["run", work], join(work, "trainer.log"));
      await writeWhole(join(work, "pid"), String(pid));
      return { ...handle, host: hostname() };
    },
    poll: async (_ctx, handle, cursor) => observe(handle, cursor),
    pause: async (handle) => writeControl(workOf(handle).work, "pause"),
    resume: async (handle) => {
      await writeControl(workOf(handle).work, undefined);
      return isAlive(handle);
    },
    cancel: async (handle, force) => {
      const { work } = workOf(handle);
      if (force) await kill(handle);
      else if (await exists(work)) await writeControl(work, "cancel");
    },
    artifacts: async (_ctx, plan, handle) => {
      const { work } = workOf(handle);
      const manifest = await readManifest(work);
      const files: MadeFile[] = manifest.files.map(({ path, ...file }) => ({
        ...file,
        name: path,
        path: inside(join(work, "artifacts"), path),
      }));
      const { method } = plan.settings;
      if (method !== "reward" && !files.some(({ kind }) => kind === "adapter_gguf"))
        throw new Error("The trainer finished and made no adapter in GGUF.");
      return {
        files,
        metrics: { trainer: manifest.metrics as Record<string, JsonValue> },
        candidate: (stored) => {
          const adapter = stored.find(({ kind }) => kind === "adapter_gguf");
          if (adapter === undefined || method === "reward") return undefined;
          const { sha256, bytes, id } = adapter;
          return withAdapter(plan.base.config, {
            format: "gguf-lora",
            sha256,
            bytes,
            artifact_id: id,
            training_run_id: plan.runId,
            base_model: basename(baseModel ?? ""),
          });
        },
      };
    },
    forget: async (handle) => {
      await kill(handle);
      // The rows of people are in there.
      await rm(workOf(handle).work, { recursive: true, force: true });
    },
  };
}

/** A caller names no file of this machine: what is trained is what the operator configured. */
function modelProblems({ settings }: TrainingPlan, baseModel: string | undefined): string[] {
  if (baseModel === undefined)
    return [
      "There is no model to train: set LEARNING_MODEL_PATH to a GGUF file, and start the server again.",
    ];
  return settings.base_model === undefined || settings.base_model === basename(baseModel)
    ? []
    : [`This server trains ${basename(baseModel)}, not ${settings.base_model}: leave config.base_model out.`];
}

function workOf(handle: BackendHandle): z.infer<typeof handleSchema> {
  return handleSchema.parse(handle);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** True for the first who asks. */
async function claim(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The trainer's process: as it says itself, or as it was started. */
async function pidOf(work: string, state: TrainerState | undefined): Promise<number | undefined> {
  if (state !== undefined) return state.pid;
  const text = await readFile(join(work, "pid"), "utf8").catch(() => "");
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function isAlive(handle: BackendHandle): Promise<boolean> {
  const { work } = workOf(handle);
  const pid = await pidOf(work, await readTrainerState(work));
  return pid !== undefined && (await isTrainerAt(pid, work));
}

async function kill(handle: BackendHandle): Promise<void> {
  const { work, host } = workOf(handle);
  if (host !== hostname()) return writeControl(work, "cancel").catch(() => undefined);
  const state = await readTrainerState(work);
  for (const pid of new Set([await pidOf(work, state), await pidOf(work, undefined)]))
    if (pid !== undefined) await killTrainer(pid, work);
}

const STATUS = {
  starting: "running",
  running: "running",
  paused: "paused",
  finished: "finished",
  failed: "failed",
  cancelled: "cancelled",
} as const;

async function observe(handle: BackendHandle, cursor: JsonValue): Promise<Observation> {
  const { work, host } = workOf(handle);
  // Whether it lives is looked at before what it wrote: what it wrote last then counts.
  const before = await pidOf(work, await readTrainerState(work));
  const isHere = host === hostname();
  const lives = !isHere || (before !== undefined && (await isTrainerAt(before, work)));
  const state = await readTrainerState(work);
  const from = cursorSchema.parse(cursor);
  const metrics = await readNewLines(join(work, "metrics.jsonl"), from.metrics);
  const log = await readNewLines(join(work, "trainer.log"), from.log);
  const seen = {
    step: state?.step ?? null,
    totalSteps: state?.total_steps ?? null,
    heartbeat: state?.heartbeat,
    metrics: toPoints(metrics.lines),
    log: log.lines,
    cursor: { metrics: metrics.next, log: log.next },
  };
  if (state === undefined) {
    const died = before !== undefined && !lives;
    return died ? { ...seen, ...(await gone(work)) } : { ...seen, status: "waiting" };
  }
  const status = STATUS[state.status];
  if (status === "running" && !lives) return { ...seen, ...(await gone(work)) };
  const fault = state.error === null || state.error === undefined ? {} : { fault: state.error };
  return { ...seen, status, ...fault };
}

async function gone(work: string): Promise<Pick<Observation, "status" | "fault">> {
  const last = await lastLine(join(work, "trainer.log"));
  const words = last === undefined ? "" : ` Its last words: ${last}`;
  return {
    status: "gone",
    fault: { kind: "infrastructure", message: `The trainer's process ended without a word.${words}` },
  };
}

/** @throws Error for a path that leads out of the folder */
function inside(folder: string, path: string): string {
  const clean = normalize(path);
  if (isAbsolute(clean) || clean.split(/[\\/]/).includes(".."))
    throw new Error(`The trainer's manifest names ${path}, which is not in its folder.`);
  return join(folder, clean);
}

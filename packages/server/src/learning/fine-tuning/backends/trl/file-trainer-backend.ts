import { mkdir, open, rm, stat } from "node:fs/promises";
import { basename, isAbsolute, join, normalize, resolve } from "node:path";
import type { FineTuningBackend, JsonValue } from "@agent-learning/contract";
import { z } from "zod";
import type { Config } from "../../../../config.ts";
import { withAdapter } from "../../adapter.ts";
import { trainingDirectory } from "../../artifacts/artifact-files.ts";
import type { BackendHandle } from "../../run-state.ts";
import type { Patience } from "../../watch.ts";
import type { MadeFile, Observation, TrainingBackend, TrainingPlan } from "../backend.ts";
import { earlierWeights } from "./earlier-weights.ts";
import {
  lastLine,
  readManifest,
  readNewLines,
  readTrainerState,
  toPoints,
  writeControl,
} from "./work-folder.ts";
import { answersPeople, writeRun } from "./write-run.ts";

/** Seconds for each row and byte of the model: 320 rows of 60 tokens took 100 s on two cores with a model of 145 MB. */
const SECONDS_PER_ROW_AND_BYTE = 100 / 320 / 145e6;

/** Whether the trainer of a run is there. */
export interface Life {
  /** Undefined: nobody can tell from here, and what it writes has to do. */
  lives: boolean | undefined;
  /** It waits for its turn, and whoever keeps the queue answers. */
  queued?: boolean;
  /** What is known of its end. */
  words?: string | undefined;
}

/** What starts the Python trainer on a folder, and ends it. */
export interface TrainerLauncher {
  readonly name: FineTuningBackend;
  readonly patience?: Partial<Patience>;
  readonly retrySeconds?: readonly number[];
  /** What is missing of it, with what to do. @param quick without starting anything or calling anybody */
  problems(quick: boolean): Promise<string[]>;
  /** What the handle holds beside the folder. */
  reserve(): BackendHandle;
  /** Starts the trainer once for an attempt. @returns what the handle holds beside the folder */
  start(work: string, attempt: number): Promise<BackendHandle>;
  life(handle: BackendHandle, work: string): Promise<Life>;
  /** Ends it without asking, and waits until it is gone, as far as that can be seen. */
  kill(handle: BackendHandle, work: string): Promise<void>;
  /** The run has ended: nothing of it is needed any more. */
  forget?(work: string): Promise<void>;
}

const handleSchema = z.object({ work: z.string() });
const cursorSchema = z.object({ metrics: z.number(), log: z.number() }).catch({ metrics: 0, log: 0 });

/** The Python trainer, spoken to by files in its folder, wherever it was started: it outlives this server, and is found again. */
export function createFileTrainerBackend(config: Config, launcher: TrainerLauncher): TrainingBackend {
  const baseModel = config.model.kind === "gguf" ? resolve(config.model.path) : undefined;

  return {
    name: launcher.name,
    canPause: true,
    ...(launcher.patience === undefined ? {} : { patience: launcher.patience }),
    ...(launcher.retrySeconds === undefined ? {} : { retrySeconds: launcher.retrySeconds }),
    missing: async (ctx, plan, quick) => [
      ...modelProblems(plan, baseModel),
      ...(await earlierWeights(ctx, plan)).problems,
      ...(await launcher.problems(quick)),
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
    reserve: (_plan, key) => ({ work: join(trainingDirectory(config), "runs", key), ...launcher.reserve() }),
    submit: async (ctx, plan, handle, attempt) => {
      const { work } = workOf(handle);
      const [problem] = await launcher.problems(true);
      if (baseModel === undefined || problem !== undefined)
        throw new Error(problem ?? "The trainer is not set up any more.");
      await mkdir(work, { recursive: true, mode: 0o700 });
      if (!(await claim(join(work, `submitted-${attempt}`)))) return handle;
      if (await isAlive(handle)) return handle;
      // What an earlier attempt said of itself is not this one's word.
      await rm(join(work, "state.json"), { force: true });
      await writeControl(work, undefined);
      const weights = await earlierWeights(ctx, plan);
      await writeRun(ctx, plan, { work, baseModel, ...(await weights.layOut(work)) });
      return { ...handle, ...(await launcher.start(work, attempt)) };
    },
    poll: async (_ctx, handle, cursor) => observe(handle, cursor),
    pause: async (handle) => writeControl(workOf(handle).work, "pause"),
    resume: async (handle) => {
      await writeControl(workOf(handle).work, undefined);
      return isAlive(handle);
    },
    cancel: async (handle, force) => {
      const { work } = workOf(handle);
      if (force) await launcher.kill(handle, work);
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
      const answers = answersPeople(method);
      if (answers && !files.some(({ kind }) => kind === "adapter_gguf"))
        throw new Error("The trainer finished and made no adapter in GGUF.");
      return {
        files,
        metrics: { trainer: manifest.metrics as Record<string, JsonValue> },
        candidate: (stored) => {
          const adapter = stored.find(({ kind }) => kind === "adapter_gguf");
          if (adapter === undefined || !answers) return undefined;
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
      const { work } = workOf(handle);
      try {
        await launcher.kill(handle, work);
        await launcher.forget?.(work);
      } finally {
        // The rows of people are in there: they go, whether or not the launcher answers.
        await rm(work, { recursive: true, force: true });
      }
    },
  };

  async function isAlive(handle: BackendHandle): Promise<boolean> {
    return (await launcher.life(handle, workOf(handle).work)).lives === true;
  }

  async function observe(handle: BackendHandle, cursor: JsonValue): Promise<Observation> {
    const { work } = workOf(handle);
    // Whether it lives is looked at before what it wrote: what it wrote last then counts.
    const life = await launcher.life(handle, work);
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
      if (life.lives === false) return { ...seen, ...(await gone(work, life)) };
      return {
        ...seen,
        status: "waiting",
        ...(life.queued === true ? { heartbeat: Date.now() / 1_000 } : {}),
      };
    }
    const status = STATUS[state.status];
    if (status === "running" && life.lives === false) return { ...seen, ...(await gone(work, life)) };
    const fault = state.error === null || state.error === undefined ? {} : { fault: state.error };
    return { ...seen, status, ...fault };
  }
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

const STATUS = {
  starting: "running",
  running: "running",
  paused: "paused",
  finished: "finished",
  failed: "failed",
  cancelled: "cancelled",
} as const;

async function gone(work: string, { words }: Life): Promise<Pick<Observation, "status" | "fault">> {
  const last = (await lastLine(join(work, "trainer.log"))) ?? words;
  const said = last === undefined ? "" : ` Its last words: ${last}`;
  return {
    status: "gone",
    fault: { kind: "infrastructure", message: `The trainer's process ended without a word.${said}` },
  };
}

/** @throws Error for a path that leads out of the folder */
function inside(folder: string, path: string): string {
  const clean = normalize(path);
  if (isAbsolute(clean) || clean.split(/[\\/]/).includes(".."))
    throw new Error(`The trainer's manifest names ${path}, which is not in its folder.`);
  return join(folder, clean);
}

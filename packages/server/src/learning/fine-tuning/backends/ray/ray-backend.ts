import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../../../config.ts";
import { createOutgoingFetch } from "../../../../outgoing/outgoing-fetch.ts";
import type { TrainingBackend } from "../backend.ts";
import { createFileTrainerBackend, type Life } from "../trl/file-trainer-backend.ts";
import { writeControl, writeWhole } from "../trl/work-folder.ts";
import { createRayJobs, isOver, type RayJobs } from "./ray-jobs.ts";

const LOOKS = 50;
const LOOK_MILLISECONDS = 200;
/** A queue that answers is waited for; a cluster that has lost a job is not. */
const PATIENCE = { start: 1_800 };
/** At once, for an answer may only have been lost; a head that is being restarted is back in a minute or in ten. */
const RETRY_SECONDS = [0, 60, 600];

/**
 * The Python trainer as a job of a Ray cluster. It finds its folder and the model where this server has them: LEARNING_TRAINING_DIR and
 * LEARNING_MODEL_PATH are on storage that the cluster's nodes see by the same paths.
 */
export function createRayBackend(config: Config): TrainingBackend {
  const { ray } = config.training;
  // The operator chose the cluster: it may well be on this machine.
  const jobs: RayJobs | undefined =
    ray === undefined
      ? undefined
      : createRayJobs({ ...ray, fetch: createOutgoingFetch({ allowPrivate: true }) });

  return createFileTrainerBackend(config, {
    name: "ray",
    patience: PATIENCE,
    retrySeconds: RETRY_SECONDS,
    problems: async (quick) => {
      if (jobs === undefined) return [NO_CLUSTER];
      const problem = quick ? undefined : await jobs.problem();
      return problem === undefined ? [] : [problem];
    },
    reserve: () => ({}),
    start: async (work, attempt) => {
      if (jobs === undefined || ray === undefined) throw new Error(NO_CLUSTER);
      const id = `agent-learning-${basename(work)}-${attempt}`;
      // Before it is submitted: who takes over after a crash asks for the same job.
      await writeWhole(join(work, SUBMISSION), id);
      const log = quoted(join(work, "trainer.log"));
      await jobs.submit({
        id,
        entrypoint: `exec ${ray.command} run ${quoted(work)} >> ${log} 2>&1`,
        gpus: ray.gpus,
        metadata: { agent_learning_run: basename(work), attempt: String(attempt) },
      });
      return {};
    },
    life: async (_handle, work) => {
      const id = await submissionOf(work);
      return id === undefined || jobs === undefined ? { lives: undefined } : lifeOf(jobs, id);
    },
    kill: async (_handle, work) => {
      const id = await submissionOf(work);
      if (id === undefined || jobs === undefined) return;
      // Whichever of the two it hears of first.
      await writeControl(work, "cancel").catch(() => undefined);
      try {
        await jobs.stop(id);
        for (let look = 0; look < LOOKS && (await lifeOf(jobs, id)).lives !== false; look += 1)
          await sleep(LOOK_MILLISECONDS);
      } catch {
        // Without an answer there is nothing more that could be done from here.
      }
    },
    forget: async (work) => {
      const id = await submissionOf(work);
      if (id !== undefined) await jobs?.remove(id);
    },
  });
}

const NO_CLUSTER =
  "There is no Ray cluster: set LEARNING_RAY_URL to its dashboard's address, as http://head:8265, and start the server again.";

const SUBMISSION = "submission";

async function submissionOf(work: string): Promise<string | undefined> {
  return readFile(join(work, SUBMISSION), "utf8").catch(() => undefined);
}

async function lifeOf(jobs: RayJobs, id: string): Promise<Life> {
  let job: Awaited<ReturnType<RayJobs["job"]>>;
  try {
    job = await jobs.job(id);
  } catch {
    // A head that is away for a moment says nothing about the trainer on another node.
    return { lives: undefined };
  }
  if (job === undefined) return { lives: false, words: "The cluster does not know the job." };
  return { lives: !isOver(job), queued: job.status === "PENDING", words: job.message ?? undefined };
}

/** For a POSIX shell, which runs a job's entrypoint. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

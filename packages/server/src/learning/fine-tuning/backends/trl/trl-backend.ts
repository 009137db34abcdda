import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../../../../config.ts";
import type { BackendHandle } from "../../run-state.ts";
import type { TrainingBackend } from "../backend.ts";
import { createFileTrainerBackend } from "./file-trainer-backend.ts";
import { findTrainer, trainerProblems } from "./find-trainer.ts";
import { isTrainerAt, killTrainer, startDetached, type TrainerCommand } from "./trainer-process.ts";
import { readTrainerState, type TrainerState, writeControl, writeWhole } from "./work-folder.ts";

const handleSchema = z.object({ host: z.string() });

/** The Python trainer in a process of its own on this machine. */
export function createTrlBackend(config: Config, given?: TrainerCommand): TrainingBackend {
  const trainer = (): TrainerCommand | undefined => given ?? findTrainer(config);

  return createFileTrainerBackend(config, {
    name: "trl",
    problems: (quick) => trainerProblems(trainer(), quick),
    reserve: () => ({ host: hostname() }),
    start: async (work) => {
      const command = trainer();
      if (command === undefined) throw new Error("The trainer is not set up any more.");
      const pid = await startDetached(command, ["run", work], join(work, "trainer.log"));
      await writeWhole(join(work, "pid"), String(pid));
      return { host: hostname() };
    },
    life: async (handle, work) => {
      // Of a process of another machine nothing is known but what it writes.
      if (!isHere(handle)) return { lives: undefined };
      const pid = await pidOf(work, await readTrainerState(work));
      return { lives: pid === undefined ? undefined : await isTrainerAt(pid, work) };
    },
    kill: async (handle, work) => {
      if (!isHere(handle)) return writeControl(work, "cancel").catch(() => undefined);
      const state = await readTrainerState(work);
      for (const pid of new Set([await pidOf(work, state), await pidOf(work, undefined)]))
        if (pid !== undefined) await killTrainer(pid, work);
    },
  });
}

function isHere(handle: BackendHandle): boolean {
  return handleSchema.parse(handle).host === hostname();
}

/** The trainer's process: as it says itself, or as it was started. */
async function pidOf(work: string, state: TrainerState | undefined): Promise<number | undefined> {
  if (state !== undefined) return state.pid;
  const text = await readFile(join(work, "pid"), "utf8").catch(() => "");
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

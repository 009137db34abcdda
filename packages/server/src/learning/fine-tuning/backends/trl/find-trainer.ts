import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Config } from "../../../../config.ts";
import { askTrainer, type TrainerCommand } from "./trainer-process.ts";

const CHECK_MILLISECONDS = 120_000;
const report = z.object({ ok: z.boolean(), missing: z.array(z.string()).default([]) });

/** The repository's own trainer, wherever this file is in it. */
function ownTrainer(): string | undefined {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const place = join(folder, "trainers", "trl");
    if (existsSync(place)) return place;
  }
  return undefined;
}

/** The Python trainer in the environment that was made for it; undefined: there is none. */
export function findTrainer(config: Pick<Config, "training">): TrainerCommand | undefined {
  const folder = config.training.trainer ?? ownTrainer();
  if (folder === undefined) return undefined;
  const command = join(folder, ".venv", "bin", "python");
  return existsSync(command) ? { command, arguments: ["-m", "agent_learning_trl"], folder } : undefined;
}

/** What the trainer lacks, with what to do. @param quick looks only whether it is there */
export async function trainerProblems(
  trainer: TrainerCommand | undefined,
  quick: boolean,
): Promise<string[]> {
  if (trainer === undefined) {
    return [
      "The Python trainer is not set up: run `npm run trainer:install` (see trainers/trl/README.md), or set LEARNING_TRAINER_DIR to the folder in which it is.",
    ];
  }
  if (quick) return [];
  const answer = report.safeParse(await askTrainer(trainer, CHECK_MILLISECONDS));
  if (!answer.success) {
    return [
      `The Python trainer in ${trainer.folder} does not answer: run \`npm run trainer:install\` again.`,
    ];
  }
  const { ok, missing } = answer.data;
  return ok
    ? []
    : [`The Python trainer lacks ${missing.join(", ") || "something"}: run \`npm run trainer:install\`.`];
}

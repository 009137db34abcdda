import { createWriteStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FineTuningMethod } from "@agent-learning/contract";
import type { Context } from "../../../../context.ts";
import { tokensOf, trainingLines } from "../../rows.ts";
import type { TrainingPlan } from "../backend.ts";
import { writeWhole } from "./work-folder.ts";

async function* fitting(
  ctx: Context,
  plan: TrainingPlan,
  split: "train" | "validation",
): AsyncGenerator<string> {
  for await (const line of trainingLines(ctx, plan, split))
    if (tokensOf(line) <= plan.hyperparameters.max_length) yield `${JSON.stringify(line)}\n`;
}

/** Writes the rows of a split. @returns how many */
async function writeRows(
  ctx: Context,
  plan: TrainingPlan,
  split: "train" | "validation",
  path: string,
): Promise<number> {
  let count = 0;
  const counted = async function* (): AsyncGenerator<string> {
    for await (const line of fitting(ctx, plan, split)) {
      count += 1;
      yield line;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(path, { flush: true }));
  return count;
}

/** Whether a method makes a model that answers; the others make one that judges or finds. */
export function answersPeople(method: FineTuningMethod): boolean {
  return method !== "reward" && method !== "embedding";
}

interface RunFiles {
  work: string;
  baseModel: string;
  /** A folder with an adapter to train on. */
  baseAdapter?: string;
  /** The reward model of GRPO: a file. */
  rewardModel?: string;
}

/** What the trainer finds in its folder: the rows, and `run.json`, which is written last. */
export async function writeRun(
  ctx: Context,
  plan: TrainingPlan,
  { work, baseModel, baseAdapter, rewardModel }: RunFiles,
): Promise<void> {
  await mkdir(work, { recursive: true, mode: 0o700 });
  // What was said since is no part of it: a run that goes on, goes on with the same rows.
  if (plan.settings.method === "embedding" && existsSync(join(work, "run.json"))) return;
  await writeRows(ctx, plan, "train", join(work, "train.jsonl"));
  const validation = await writeRows(ctx, plan, "validation", join(work, "validation.jsonl"));
  const run = {
    version: 1,
    run_id: plan.runId,
    method: plan.settings.method,
    base_model: baseModel,
    ...(baseAdapter === undefined ? {} : { adapter: baseAdapter }),
    ...(rewardModel === undefined ? {} : { reward_model: rewardModel }),
    train: "train.jsonl",
    validation: validation === 0 ? null : "validation.jsonl",
    hyperparameters: plan.hyperparameters,
    export_gguf: answersPeople(plan.settings.method),
  };
  await writeWhole(join(work, "run.json"), `${JSON.stringify(run, null, 2)}\n`);
}

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface TrainerRun {
  /** The run's folder; a run that finished in it is not repeated. */
  folder: string;
  python: string;
  threads: number;
  method: "sft" | "dpo";
  model: string;
  rows: readonly object[];
  hyperparameters: Record<string, number>;
  /** An adapter's folder to go on from. */
  adapter?: string;
  /** Killed with SIGKILL when it has done so many steps. */
  killAt?: number;
}

export interface TrainerResult {
  /** By step; of a step that was done twice, the second. */
  losses: ReadonlyMap<number, number>;
  gguf: string;
  adapter: string;
  seconds: number;
}

const POLL_MS = 100;

/** Runs the trainer to its end, with one SIGKILL on the way where that is asked for. */
export async function runTrainer(run: TrainerRun): Promise<TrainerResult> {
  const started = performance.now();
  const artifacts = join(run.folder, "artifacts");
  if (!existsSync(join(artifacts, "manifest.json"))) {
    prepare(run);
    if (run.killAt !== undefined) await train(run, run.killAt);
    await train(run);
  }
  return {
    losses: lossesOf(run.folder),
    gguf: join(artifacts, "adapter.gguf"),
    adapter: join(artifacts, "adapter"),
    seconds: (performance.now() - started) / 1000,
  };
}

function prepare(run: TrainerRun): void {
  mkdirSync(run.folder, { recursive: true });
  writeFileSync(join(run.folder, "train.jsonl"), run.rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const config = {
    version: 1,
    run_id: "benchmark",
    method: run.method,
    base_model: run.model,
    train: "train.jsonl",
    validation: null,
    hyperparameters: { batch_size: 8, max_length: 256, seed: 1, ...run.hyperparameters },
    export_gguf: true,
    ...(run.adapter === undefined ? {} : { adapter: run.adapter }),
  };
  writeFileSync(join(run.folder, "run.json"), JSON.stringify(config));
}

async function train({ folder, python, threads }: TrainerRun, killAt?: number): Promise<void> {
  const log = openSync(join(folder, "trainer.log"), "a");
  const trainer = spawn(python, ["-m", "agent_learning_trl", "run", folder], {
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      AGENT_LEARNING_TRAINER_THREADS: String(threads),
      OMP_NUM_THREADS: String(threads),
    },
  });
  const end = new Promise<number | null>((resolve, reject) => {
    trainer.on("error", reject);
    trainer.on("exit", resolve);
  });
  if (killAt !== undefined) {
    while (trainer.exitCode === null && lossesOf(folder).size < killAt) await sleep(POLL_MS);
    trainer.kill("SIGKILL");
    await end;
    return;
  }
  if ((await end) !== 0) throw new Error(readFileSync(join(folder, "state.json"), "utf8"));
}

function lossesOf(folder: string): Map<number, number> {
  const path = join(folder, "metrics.jsonl");
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const metrics = lines.map((line) => JSON.parse(line) as { step: number; loss?: number });
  return new Map(metrics.flatMap(({ step, loss }) => (loss === undefined ? [] : [[step, loss] as const])));
}

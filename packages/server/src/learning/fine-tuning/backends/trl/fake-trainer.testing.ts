// A program that keeps the trainer's contract without training: its adapter holds the rows that it was given. What goes wrong, and when, is
// in a file beside it: node fake-trainer.testing.ts BEHAVIOUR run WORK | check
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a test wants of the trainer. Steps count from 1; what names one happens after it. */
export interface FakeBehaviour {
  steps: number;
  milliseconds: number;
  missing?: string[];
  /** Ends with an error before it says anything of itself. */
  startsBroken?: boolean;
  nanAt?: number;
  hangAt?: number;
  dieAt?: number;
  /** Then and each time after. */
  failAt?: { step: number; kind: string; message: string };
  /** Of `embedding`: the place of each held-out query's passage, before and after. */
  retrieval?: { before: number[]; after: number[] };
  /** Announces a hash that the file does not have. */
  lies?: boolean;
}

const [behaviourPath = "", command = "", work = ""] = process.argv.slice(2);
const behaviour = JSON.parse(readFileSync(behaviourPath, "utf8")) as FakeBehaviour;

function write(name: string, value: unknown): void {
  writeFileSync(join(work, `${name}.part`), JSON.stringify(value));
  renameSync(join(work, `${name}.part`), join(work, name));
}

function say(status: string, step: number, error: unknown = null): void {
  const heartbeat = Date.now() / 1_000;
  write("state.json", { pid: process.pid, status, step, total_steps: behaviour.steps, heartbeat, error });
}

function asked(): string {
  return existsSync(join(work, "control")) ? readFileSync(join(work, "control"), "utf8").trim() : "";
}

async function train(): Promise<void> {
  if (behaviour.startsBroken === true) {
    process.stderr.write("ModuleNotFoundError: No module named 'torch'\n");
    process.exit(1);
  }
  const run = JSON.parse(readFileSync(join(work, "run.json"), "utf8")) as { method: string; train: string };
  const checkpoints = join(work, "checkpoints");
  mkdirSync(checkpoints, { recursive: true });
  const from = Math.max(0, ...readdirSync(checkpoints).map((name) => Number(name.split("-")[1])));
  process.stdout.write(`training by ${run.method} from step ${from}\n`);
  say("starting", from);
  for (let step = from + 1; step <= behaviour.steps; step += 1) {
    while (asked() === "pause") {
      say("paused", step - 1);
      await sleep(20);
    }
    if (asked() === "cancel") return say("cancelled", step - 1);
    await sleep(behaviour.milliseconds);
    const loss = behaviour.nanAt === step ? "NaN" : String(1 / step);
    appendFileSync(
      join(work, "metrics.jsonl"),
      `{"step": ${step}, "loss": ${loss}, "learning_rate": 0.0002, "epoch": ${step / behaviour.steps}}\n`,
    );
    mkdirSync(join(checkpoints, `checkpoint-${step}`), { recursive: true });
    say("running", step);
    if (behaviour.failAt !== undefined && step >= behaviour.failAt.step)
      return say("failed", step, behaviour.failAt);
    if (behaviour.dieAt === step) process.kill(process.pid, "SIGKILL");
    if (behaviour.hangAt === step || behaviour.nanAt === step) await sleep(600_000);
  }
  finish(run);
}

function finish(run: { method: string; train: string }): void {
  const artifacts = join(work, "artifacts");
  mkdirSync(join(artifacts, "adapter"), { recursive: true });
  const rows = readFileSync(join(work, run.train), "utf8");
  const made: [string, string, string][] =
    run.method === "reward"
      ? [["reward/model.safetensors", "reward_model", rows]]
      : run.method === "embedding"
        ? [["adapter/adapter_model.safetensors", "adapter_safetensors", rows]]
        : [
            ["adapter.gguf", "adapter_gguf", rows],
            ["adapter/adapter_model.safetensors", "adapter_safetensors", `safe ${rows}`],
          ];
  mkdirSync(join(artifacts, "reward"), { recursive: true });
  const files = made.map(([path, kind, text]) => {
    writeFileSync(join(artifacts, path), text);
    const sha256 = createHash("sha256")
      .update(behaviour.lies === true ? "another" : text)
      .digest("hex");
    return { path, kind, sha256, bytes: Buffer.byteLength(text) };
  });
  writeFileSync(
    join(artifacts, "manifest.json"),
    JSON.stringify({ files, metrics: { train_loss: 0.1, retrieval: behaviour.retrieval } }),
  );
  say("finished", behaviour.steps);
  rmSync(join(work, "control"), { force: true });
}

if (command === "check") {
  const missing = behaviour.missing ?? [];
  process.stdout.write(`${JSON.stringify({ ok: missing.length === 0, versions: {}, missing })}\n`);
} else {
  await train();
}

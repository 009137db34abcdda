// What fine-tuning makes of SmolLM2-135M on two cores: ten card intents of banking77, LoRA by SFT on labelled rows, then DPO on preferences
// (the right intent over one it is confused with). Each adapter is judged as the product serves it, by node-llama-cpp beside the base
// model's GGUF, on the same held-out messages. Rows with shuffled labels must be refused, a run that is killed must end at the same
// loss, and the same seed must make the same adapter.
//
//   npm run trainer:install && npm install --no-save node-llama-cpp@3.22.1
//   node --conditions=agent-learning-source benchmarks/fine-tuning.ts --data FOLDER --model FILE.gguf --work FOLDER
//
// --data holds banking77's train.csv and test.csv. What has finished in --work is not done again.
// Options: --only base,sft,dpo,shuffled,killed,repeated,same  --rows 640  --shuffled-rows 320  --short-rows 96  --preferences 160  --test-rows 200  --threads 2.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pairedBootstrapLowerBound } from "@agent-learning/statistics";
import { runTrainer, type TrainerResult, type TrainerRun } from "./fine-tuning/run-trainer.ts";
import { type AdapterScore, answersOf, scoreAdapter } from "./fine-tuning/score-adapter.ts";
import { dpoRows, promptOf, sftRows, withShuffledLabels } from "./fine-tuning/training-rows.ts";
import { INSTRUCTION as WITH_LABELS, readCardIntents } from "./prompt-learning-smoke/card-intents.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    model: { type: "string" },
    work: { type: "string" },
    only: { type: "string", default: "base,sft,dpo,shuffled,killed,repeated,same" },
    rows: { type: "string", default: "640" },
    "shuffled-rows": { type: "string", default: "320" },
    "short-rows": { type: "string", default: "96" },
    preferences: { type: "string", default: "160" },
    "test-rows": { type: "string", default: "200" },
    threads: { type: "string", default: "2" },
  },
});

function skip(what: string): never {
  console.log(`Skipped: ${what}`);
  process.exit(0);
}
const data = options.data ?? skip("--data must name a folder with banking77's train.csv and test.csv.");
const model = resolve(options.model ?? skip("--model must name the GGUF file of an instruct model."));
const work = resolve(options.work ?? skip("--work must name a folder to train in."));
const python = fileURLToPath(new URL("../trainers/trl/.venv/bin/python", import.meta.url));
if (!existsSync(python)) skip("npm run trainer:install has not been run.");
if (!existsSync(model)) skip(`there is no ${model}.`);

const SEED = "1";
const parts = options.only.split(",");
const threads = Number(options.threads);
const rowCount = Number(options.rows);
const { test, training } = await readCardIntents(data, Number(options["test-rows"]));
const pool = training(SEED, rowCount + Number(options.preferences));
const labelled = pool.slice(0, rowCount);

const run = async (
  name: string,
  more: Pick<TrainerRun, "method" | "rows" | "hyperparameters"> & Partial<TrainerRun>,
): Promise<TrainerResult> => await runTrainer({ folder: join(work, name), python, threads, model, ...more });

/** Once for each: the answers are kept beside the run. */
async function score(name: string, adapter?: string, prompt = promptOf): Promise<AdapterScore> {
  const kept = join(work, `score-${name}-${test.length}.json`);
  if (!existsSync(kept)) {
    const made = await scoreAdapter({ model, adapter, threads }, test, prompt);
    writeFileSync(kept, JSON.stringify(made));
  }
  const scored = JSON.parse(readFileSync(kept, "utf8")) as AdapterScore;
  const { accuracy, interval } = scored;
  const [lower, upper] = [interval.lower, interval.upper].map((bound) => bound.toFixed(3));
  console.log(`${name}: ${accuracy.toFixed(3)} of ${test.length} (95 % ${lower} to ${upper})`);
  return scored;
}

/** As a release is judged: the lower bound of the paired difference must be above nothing. */
function compare(name: string, candidate: AdapterScore, baseline: AdapterScore): void {
  const differences = candidate.right.map((right, index) => Number(right) - Number(baseline.right[index]));
  const { mean, lower } = pairedBootstrapLowerBound(differences, { seed: SEED });
  const verdict = lower > 0 ? "better" : "refused";
  console.log(`${name}: ${mean.toFixed(3)}, 95 % at least ${lower.toFixed(3)}: ${verdict}`);
}

const sha256Of = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

const SFT = { epochs: 1, learning_rate: 1e-3, save_steps: 10 };
const sft = async (): Promise<TrainerResult> =>
  await run("sft", { method: "sft", rows: sftRows(labelled), hyperparameters: SFT });

const withLabels = async (): Promise<AdapterScore> =>
  await score("base-with-labels-in-the-prompt", undefined, (input) => [
    { role: "system", content: WITH_LABELS },
    { role: "user", content: input },
  ]);
const short: Pick<TrainerRun, "method" | "rows" | "hyperparameters"> = {
  method: "sft",
  rows: sftRows(labelled.slice(0, Number(options["short-rows"]))),
  hyperparameters: { ...SFT, save_steps: 2 },
};

if (parts.includes("base")) {
  await withLabels();
  await score("base");
}
if (parts.includes("sft")) {
  const { gguf, seconds } = await sft();
  console.log(`sft: ${Math.round(seconds)} s`);
  compare("sft over base", await score("sft", gguf), await score("base"));
}
if (parts.includes("dpo")) {
  const first = await sft();
  const { gguf, losses, seconds } = await run("dpo", {
    method: "dpo",
    rows: dpoRows(pool.slice(rowCount), SEED),
    hyperparameters: { epochs: 1, learning_rate: 5e-6, beta: 0.1, save_steps: 10 },
    adapter: first.adapter,
  });
  console.log(`dpo: ${Math.round(seconds)} s, loss of the first step ${losses.get(1)?.toFixed(6)}`);
  compare("dpo over sft", await score("dpo", gguf), await score("sft", first.gguf));
}
if (parts.includes("shuffled")) {
  const { gguf } = await run("shuffled", {
    method: "sft",
    rows: sftRows(withShuffledLabels(labelled.slice(0, Number(options["shuffled-rows"])), SEED)),
    hyperparameters: SFT,
  });
  const shuffled = await score("shuffled", gguf);
  compare("shuffled labels over sft", shuffled, await score("sft", (await sft()).gguf));
  compare("shuffled labels over the base model with labels in the prompt", shuffled, await withLabels());
}
if (parts.includes("killed")) {
  const straight = await run("straight", short);
  const last = Math.max(...straight.losses.keys());
  // An odd one: the checkpoint of the step before is whole then.
  const killAt = Math.floor(last / 2) | 1;
  const killed = await run("killed", { ...short, killAt });
  const [one, other] = [straight.losses.get(last) ?? Number.NaN, killed.losses.get(last) ?? Number.NaN];
  const change = ((Math.abs(other - one) / one) * 100).toFixed(3);
  console.log(`killed at step ${killAt} of ${last}: loss ${other} instead of ${one}, ${change} % apart`);
}
if (parts.includes("repeated")) {
  const [first, second] = [await run("straight", short), await run("repeated", short)];
  const differing = [...first.losses].filter(([step, loss]) => second.losses.get(step) !== loss).length;
  const equal = sha256Of(first.gguf) === sha256Of(second.gguf);
  console.log(
    `the same seed again: ${differing} of ${first.losses.size} losses differ, ${equal ? "the same adapter, byte for byte" : "another adapter"}`,
  );
}
if (parts.includes("same")) {
  const { gguf, adapter } = await sft();
  const prompts = test.slice(0, 20).map(({ input }) => promptOf(input));
  const script = fileURLToPath(new URL("fine-tuning/greedy_answers.py", import.meta.url));
  const input = JSON.stringify(prompts);
  const { stdout, status, stderr } = spawnSync(python, [script, model, adapter], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const wanted = JSON.parse(stdout) as string[];
  const served = await answersOf({ model, adapter: gguf, threads }, prompts);
  const equal = served.filter((answer, index) => answer === wanted[index]).length;
  console.log(`node-llama-cpp answers ${equal} of ${prompts.length} as transformers and PEFT do`);
}

// What the prompt optimizer makes of a small local model: ten card intents of banking77, 100 labelled rows, 400 model calls, against
// no demonstrations and random ones on the same fixed test rows.
//
//   npm install --no-save node-llama-cpp@3.22.1
//   node --conditions=agent-learning-source benchmarks/prompt-learning-smoke.ts --data FOLDER --model FILE.gguf
//
// FOLDER holds banking77's train.csv and test.csv. --prefix measures, instead, what the kept state of a shared prefix saves.
// Options: --seeds 1,2  --budget 400  --test-rows 200  --threads 1.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Candidate,
  createRandom,
  normalised,
  type OptimizationResult,
  optimizePrompt,
  type Row,
  shuffled,
} from "@agent-learning/learning";
import { wilsonInterval } from "@agent-learning/statistics";
import { ggufModel, type GgufModel } from "../packages/server/src/models/gguf/gguf-model.ts";
import {
  demonstrationsOf,
  type Score,
  scoreCandidate,
  seedCandidate,
} from "./prompt-learning-smoke/candidates.ts";
import { readCardIntents } from "./prompt-learning-smoke/card-intents.ts";
import { measurePrefix } from "./prompt-learning-smoke/measure-prefix.ts";

const TRAINING_ROWS = 100;
const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    model: { type: "string" },
    seeds: { type: "string", default: "1,2" },
    budget: { type: "string", default: "400" },
    "test-rows": { type: "string", default: "200" },
    threads: { type: "string", default: "1" },
    prefix: { type: "boolean", default: false },
  },
});

function skip(what: string): never {
  console.log(`Skipped: ${what}`);
  process.exit(0);
}
const folder = options.data ?? skip("--data must name a folder with banking77's train.csv and test.csv.");
for (const file of ["train.csv", "test.csv"]) {
  if (!existsSync(join(folder, file))) skip(`there is no ${join(folder, file)}.`);
}
const path = options.model ?? skip("--model must name a GGUF file of an instruct model.");
if (!existsSync(path)) skip(`there is no ${path}.`);
const threads = Number(options.threads);
const budget = Number(options.budget);
const seeds = options.seeds.split(",");
const { test, training } = await readCardIntents(folder, Number(options["test-rows"]));

interface Line {
  what: string;
  seed: string;
  accuracy: string;
  "95 %": string;
  "prompt tokens": number;
  "search calls": number;
  "search tokens": number;
  seconds: number;
}
const lines: Line[] = [];

function report(what: string, seed: string, score: Score, search?: OptimizationResult, seconds = 0): void {
  const { lower, upper } = wilsonInterval(score.right, score.rows);
  const spent = Object.values(search?.ledger.totals ?? {});
  const line: Line = {
    what,
    seed,
    accuracy: (score.right / score.rows).toFixed(3),
    "95 %": `${lower.toFixed(2)}–${upper.toFixed(2)}`,
    "prompt tokens": Math.round(score.promptTokens / score.rows),
    "search calls": spent.reduce((sum, role) => sum + role.calls, 0),
    "search tokens": spent.reduce((sum, role) => sum + role.promptTokens + role.completionTokens, 0),
    seconds: Math.round(seconds + score.seconds),
  };
  lines.push(line);
  console.log(JSON.stringify(line));
}

async function search(model: GgufModel, seed: string, rows: readonly Row[]): Promise<void> {
  const started = performance.now();
  const { evaluatedTokens } = model.statistics;
  const running = optimizePrompt({
    seed: seedCandidate(),
    training: rows,
    evaluator: normalised,
    model,
    proposer: model,
    budget: { calls: budget },
    randomSeed: seed,
  }).run();
  let step = await running.next();
  while (step.done !== true) {
    const { optimizer, message, ledger, trials } = step.value;
    const at = Math.round((performance.now() - started) / 1000);
    console.log(`  ${at} s, ${optimizer}: ${message}; ${ledger.totals.task.calls} calls, ${trials} trials`);
    step = await running.next();
  }
  const result = step.value;
  const seconds = (performance.now() - started) / 1000;
  console.table(
    result.trials.map(({ origin, selection, demonstrations, promptTokens, rows, score, shrunkScore }) => ({
      origin,
      selection,
      demonstrations,
      promptTokens,
      rows,
      score: score.toFixed(3),
      shrunk: shrunkScore.toFixed(3),
    })),
  );
  console.log(`  evaluated ${model.statistics.evaluatedTokens - evaluatedTokens} tokens`);
  console.log(`  ${JSON.stringify(result.stoppedBecause)} ${result.notes.join(" ")}`);
  report("optimizePrompt", seed, await scoreCandidate(model, result.best, test), result, seconds);
}

if (options.prefix) {
  console.table(
    await measurePrefix({ path, threads, training: training(seeds[0] ?? "1", TRAINING_ROWS), test }),
  );
} else {
  const model = await ggufModel(path, { threads });
  try {
    report("no demonstrations", "–", await scoreCandidate(model, seedCandidate(), test));
    for (const seed of seeds) {
      const rows = training(seed, TRAINING_ROWS);
      const order = shuffled(createRandom(`random demonstrations ${seed}`), rows);
      for (const size of [8, 40]) {
        const demonstrations = demonstrationsOf(order.slice(0, size));
        const candidate: Candidate = { ...seedCandidate(), demonstrations };
        report(`${size} random`, seed, await scoreCandidate(model, candidate, test));
      }
      await search(model, seed, rows);
    }
    console.table(lines);
  } finally {
    await model.dispose();
  }
}

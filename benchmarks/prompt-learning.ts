// How good the prompts are that optimisers find, and what finding them takes: trec, subj, ten card intents of banking77 and a task of
// BIG-Bench Hard; the seed prompt, random labelled demonstrations, the nearest ones, this project's portfolio, and any other optimiser.
//
//   node --conditions=agent-learning-source benchmarks/prompt-learning.ts --data FOLDER --url http://127.0.0.1:8090/v1 --name local
//   node --conditions=agent-learning-source benchmarks/prompt-learning.ts --data FOLDER --model FILE.gguf
//
// FOLDER holds trec/{train,test}.txt, subj/all.txt, banking77/{train,test}.csv and bbh/sports_understanding.json; a task without its files
// is left out. The key of an endpoint is read from LEARNING_MODEL_KEY. Every call goes through one proxy, which counts it and ends a
// search at its budget.
// Options: --tasks trec,subj,banking,bbh  --seeds 1,2,3  --budget 400  --training-rows 100  --test-rows 200  --concurrency 4
//   --methods "seed,40 labelled,portfolio"  --command "name=python optimise.py" (see methods.ts for what it gets and gives)
//   --picture FILE.svg  --keep FILE.json: results are kept, and what is there is not measured again.
// Without a language model, benchmarks/openai-endpoint.ts shows that it runs; its figures say nothing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  type Candidate,
  createDemonstrationsAgentCache,
  createRowEvaluator,
  EvaluationCache,
  type LanguageModel,
  Ledger,
  normalised,
} from "@agent-learning/learning";
import { ggufModel } from "../packages/server/src/models/gguf/gguf-model.ts";
import { openAICompatibleModel } from "../packages/server/src/models/openai-compatible.ts";
import { createOutgoingFetch } from "../packages/server/src/outgoing/outgoing-fetch.ts";
import { createCountingProxy } from "./prompt-learning/counting-proxy.ts";
import { drawFrontier } from "./prompt-learning/draw-frontier.ts";
import { external, METHODS, SEED } from "./prompt-learning/methods.ts";
import { type Measured, summarise } from "./prompt-learning/summarise.ts";
import { drawTraining, readTask, type Task, TASK_NAMES } from "./prompt-learning/tasks.ts";
import { printTable } from "./simulation/print-table.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    url: { type: "string" },
    name: { type: "string", default: "local" },
    model: { type: "string" },
    threads: { type: "string" },
    tasks: { type: "string", default: TASK_NAMES.join(",") },
    methods: { type: "string" },
    command: { type: "string", multiple: true, default: [] },
    seeds: { type: "string", default: "1,2,3" },
    budget: { type: "string", default: "400" },
    "training-rows": { type: "string", default: "100" },
    "test-rows": { type: "string", default: "200" },
    concurrency: { type: "string", default: "4" },
    picture: { type: "string" },
    keep: { type: "string" },
  },
});

function skip(what: string): never {
  console.log(`Skipped: ${what}`);
  process.exit(0);
}
const folder = options.data ?? skip("--data must name a folder with the tasks' files.");
if (options.url === undefined && options.model === undefined)
  skip("--url must name an OpenAI-compatible endpoint, or --model a GGUF file.");

const local =
  options.model === undefined
    ? undefined
    : await ggufModel(
        options.model,
        options.threads === undefined ? {} : { threads: Number(options.threads) },
      );
const upstream: LanguageModel =
  local ??
  openAICompatibleModel({
    url: options.url ?? "",
    name: options.name,
    key: process.env["LEARNING_MODEL_KEY"],
    fetch: createOutgoingFetch({ allowPrivate: true }),
  });
const proxy = createCountingProxy(upstream);
const others = options.command.map((text) => {
  const at = text.indexOf("=");
  return external(text.slice(0, at), text.slice(at + 1));
});
const wanted = options.methods?.split(",").map((name) => name.trim());
const methods = [...METHODS, ...others].filter(({ name }) => wanted === undefined || wanted.includes(name));
const budget = Number(options.budget);
const kept: Measured[] =
  options.keep !== undefined && existsSync(options.keep)
    ? (JSON.parse(readFileSync(options.keep, "utf8")) as Measured[])
    : [];
const measured: Measured[] = [...kept];

/** The candidate on the test rows; what that asks is nobody's budget. */
async function test(
  candidate: Candidate,
  { test: rows }: Task,
): Promise<{ scores: number[]; promptTokens: number }> {
  const evaluate = createRowEvaluator({
    model: proxy.model,
    evaluator: normalised,
    cache: new EvaluationCache(),
    agents: createDemonstrationsAgentCache(),
    leaveOneOut: false,
    concurrency: Number(options.concurrency),
  });
  proxy.reset();
  const evaluated = await evaluate(candidate, rows, new Ledger());
  const failure = evaluated.find((row) => row.failure !== undefined)?.failure;
  if (failure !== undefined) throw new Error(`A test row could not be answered: ${failure}`);
  return {
    scores: evaluated.map(({ score }) => score),
    promptTokens: proxy.counted.promptTokens / Math.max(1, proxy.counted.calls),
  };
}

try {
  for (const name of options.tasks.split(",")) {
    const task = await readTask(name, folder, Number(options["test-rows"]));
    if (task === undefined) {
      console.log(`${name}: its files are not in ${folder}; left out.`);
      continue;
    }
    for (const method of methods) {
      // The seed prompt is the same for every draw of training rows.
      const seeds = method === SEED ? ["–"] : options.seeds.split(",");
      for (const seed of seeds) {
        if (measured.some((one) => one.task === name && one.method === method.name && one.seed === seed))
          continue;
        const training = drawTraining(task, seed, Number(options["training-rows"]));
        proxy.reset(budget);
        const started = performance.now();
        const candidate = await method.find({ task, training, seed, budget, proxy });
        const seconds = (performance.now() - started) / 1_000;
        const { counted } = proxy;
        const result = {
          task: name,
          method: method.name,
          seed,
          counted,
          seconds,
          ...(await test(candidate, task)),
        };
        measured.push(result);
        const right = result.scores.reduce((sum, score) => sum + score, 0) / result.scores.length;
        console.log(
          `${name}, ${method.name}, seed ${seed}: ${right.toFixed(3)}, ${counted.calls} calls, ${seconds.toFixed(0)} s`,
        );
        if (options.keep !== undefined) writeFileSync(options.keep, JSON.stringify(measured));
      }
    }
  }
} finally {
  await local?.dispose();
}

const summaries = summarise(measured, SEED.name);
console.log("\nTest accuracy by method; calls, tokens and seconds are those of the search\n");
printTable(
  [
    "task, method",
    "runs",
    "accuracy",
    "less seed",
    "95 % interval",
    "below seed",
    "prompt tokens",
    "calls",
    "tokens",
    "seconds",
  ],
  summaries.map((one) => [
    `${one.task}, ${one.method}`,
    String(one.runs),
    one.accuracy.toFixed(3),
    one.difference.toFixed(3),
    one.interval.map((end) => end.toFixed(3)).join(" to "),
    `${one.belowSeed} of ${one.runs}`,
    one.promptTokens.toFixed(0),
    one.calls.toFixed(0),
    one.tokens.toFixed(0),
    one.seconds.toFixed(1),
  ]),
);
const mine = measured.filter(({ method }) => method === "portfolio").length;
const below = summaries
  .filter(({ method }) => method === "portfolio")
  .reduce((sum, { belowSeed }) => sum + belowSeed, 0);
if (mine > 0)
  console.log(`\nportfolio: ${below} of ${mine} runs ended below the seed prompt on the test rows.`);
if (options.picture !== undefined) writeFileSync(options.picture, drawFrontier(summaries));

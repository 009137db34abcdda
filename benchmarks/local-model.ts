// What the local-model adapter takes for many requests over one prefix of demonstrations, beside llama.cpp's own server on the same
// file, with the same threads and as many slots, both in one run and in turn, so that what else the machine does meets both.
//
//   npm install --no-save node-llama-cpp@3.22.1
//   node --conditions=agent-learning-source benchmarks/local-model.ts --data FOLDER --model FILE.gguf --llama-server PATH
//
// FOLDER holds banking77's train.csv and test.csv. Without --llama-server the adapter alone is measured.
// Options: --requests 200  --demonstrations 40  --slots 4  --threads 1  --rounds 3.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ChatMessage, renderPrompt } from "@agent-learning/learning";
import { ggufModel } from "../packages/server/src/models/gguf/gguf-model.ts";
import { startLlamaServer } from "./local-model/llama-server.ts";
import { measureRequests, type Side, summariseRounds, type Timing } from "./local-model/measure-requests.ts";
import { demonstrationsOf, seedCandidate } from "./prompt-learning-smoke/candidates.ts";
import { readCardIntents } from "./prompt-learning-smoke/card-intents.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    model: { type: "string" },
    "llama-server": { type: "string" },
    requests: { type: "string", default: "200" },
    demonstrations: { type: "string", default: "40" },
    slots: { type: "string", default: "4" },
    threads: { type: "string", default: "1" },
    rounds: { type: "string", default: "3" },
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
const [requests, demonstrations, slots, threads, rounds] = [
  options.requests,
  options.demonstrations,
  options.slots,
  options.threads,
  options.rounds,
].map(Number) as [number, number, number, number, number];
const CONTEXT_SIZE = 8_192;

const { test, training } = await readCardIntents(folder, requests);
const candidate = { ...seedCandidate(), demonstrations: demonstrationsOf(training("1", demonstrations)) };
const prompts: ChatMessage[][] = test.map(({ input }) => renderPrompt(candidate, input));

const closing: (() => Promise<unknown>)[] = [];
try {
  const own = await ggufModel(path, { threads, parallel: slots, contextSize: CONTEXT_SIZE });
  closing.push(() => own.dispose());
  const sides: Side[] = [
    {
      name: "adapter",
      ask: async (messages) =>
        (await own.generate({ messages: [...messages], temperature: 0, maxTokens: 16 })).text,
      processorSeconds: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
  ];
  const program = options["llama-server"];
  if (program !== undefined) {
    const server = await startLlamaServer({ program, path, threads, slots, contextSize: CONTEXT_SIZE });
    closing.push(() => server.stop());
    sides.push({
      name: "llama-server",
      ask: (messages) => server.ask(messages),
      processorSeconds: () => server.processorSeconds(),
    });
  }
  const timings: Timing[] = [];
  const answers = new Map<string, string[]>();
  // What either side evaluates first, the prefix and the file's pages, is no part of a request.
  for (const side of sides) await measureRequests(side, prompts.slice(0, slots), slots);
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of sides) {
      const measured = await measureRequests(side, prompts, slots);
      answers.set(side.name, measured.answers);
      timings.push(measured);
      console.log(
        `round ${round}, ${side.name}: ${measured.seconds.toFixed(1)} s, ${measured.processorSeconds.toFixed(1)} s of processor time`,
      );
    }
  }
  const summary = summariseRounds(timings, requests);
  console.table(summary.lines);
  if (summary.ratio !== undefined) {
    const [first = [], second = []] = [...answers.values()];
    const equal = first.filter((text, index) => text.trim() === second[index]?.trim()).length;
    console.log(
      `${requests} requests over one prefix of ${demonstrations} demonstrations, ${slots} at a time, ${threads} thread(s): the adapter takes ${summary.ratio.seconds.toFixed(2)} times what llama.cpp's server takes, ${summary.ratio.processorSeconds.toFixed(2)} times its processor time (medians of ${rounds} rounds); ${equal} answers are the same.`,
    );
  }
} finally {
  for (const close of closing.toReversed()) await close();
}

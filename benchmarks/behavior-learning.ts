// A simulated agent with tools and its experts: are planted habits found and nothing else, is the next tool told better than by a bigram
// model, do held-out tasks keep the rules that help and retire those that do not, and is everything computed anew without a contributor?
//
//   node --conditions=agent-learning-source benchmarks/behavior-learning.ts
//
// Options: --seeds 20  --experts 8  --runs 25 (of each expert)  --agent-runs 400. Ends with exit code 1 where a claim does not hold.
// No data, no network.
import { parseArgs } from "node:util";
import { measureSeed, type SeedResult } from "./behavior-learning/measure-seed.ts";
import { printTable } from "./simulation/print-table.ts";

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    experts: { type: "string", default: "8" },
    runs: { type: "string", default: "25" },
    "agent-runs": { type: "string", default: "400" },
  },
});
const size = {
  experts: Number(options.experts),
  runsPerExpert: Number(options.runs),
  agentRuns: Number(options["agent-runs"]),
};
const results = Array.from({ length: Number(options.seeds) }, (_, i) => measureSeed(`seed ${i + 1}`, size));
const sum = (value: (result: SeedResult) => number): number =>
  results.reduce((total, result) => total + value(result), 0);
const mean = (value: (result: SeedResult) => number): number => sum(value) / results.length;
const least = (value: (result: SeedResult) => number): number => Math.min(...results.map(value));

const precision = sum(({ right }) => right) / sum(({ found }) => found);
const recall = sum(({ right }) => right) / sum(({ planted }) => planted);
const kept = `${sum((one) => one.kept)} of ${sum((one) => one.helping)}`;
const retired = `${sum((one) => one.retired)} of ${sum((one) => one.harming)}`;
const better = results.filter(({ gainLowerBound }) => gainLowerBound > 0).length;
const claims: [string, string, boolean][] = [
  [
    "planted departures found (recall)",
    `${recall.toFixed(3)}, least of a seed ${least((one) => one.right / one.planted).toFixed(2)}`,
    recall >= 0.9,
  ],
  [
    "found ones that were planted (precision)",
    `${precision.toFixed(3)}, least of a seed ${least((one) => one.right / Math.max(1, one.found)).toFixed(2)}`,
    precision >= 0.9,
  ],
  [
    "next tool told, held-out runs",
    `${mean(({ accuracy }) => accuracy).toFixed(3)} against ${mean(({ bigramAccuracy }) => bigramAccuracy).toFixed(3)} of a bigram model; gain above 0 in ${better} of ${results.length} seeds`,
    results.every(({ accuracy, bigramAccuracy }) => accuracy > bigramAccuracy),
  ],
  ["rules that help, kept", kept, sum((one) => one.kept) >= 0.9 * sum((one) => one.helping)],
  ["rules that do not, retired", retired, sum((one) => one.retired) >= 0.95 * sum((one) => one.harming)],
  [
    "without one expert, all is as if there had never been one",
    `${results.filter(({ recomputed }) => recomputed).length} of ${results.length} seeds`,
    results.every(({ recomputed }) => recomputed),
  ],
];
printTable(
  ["what", "result", ""],
  claims.map(([what, result, isKept]) => [what, result, isKept ? "kept" : "BROKEN"]),
);
console.log(
  `patterns compared: ${mean(({ tested }) => tested).toFixed(0)} a seed; ${mean(({ milliseconds }) => milliseconds).toFixed(0)} ms to learn`,
);
for (const { seed, wrong } of results) for (const one of wrong) console.log(`not planted, ${seed}: ${one}`);
if (claims.some(([, , isKept]) => !isKept)) process.exitCode = 1;

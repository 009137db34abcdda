// Ten thousand experiments of each scenario through the product's own analysis and verdict, looked at after every unit, against what
// is claimed of it; beside three rules that are common in the field, on the same units.
//
//   node --conditions=agent-learning-source benchmarks/ab-simulation.ts
//
// Options: --runs 10000  --scenarios even,drift  --threads 2
// --keep FILE.json: puts the results beside those that are there, so that the scenarios can be run in pieces and shown together
// (`--scenarios none`).
// Ends with exit code 1 where a claim does not hold. No data, no network.
import { parseArgs } from "node:util";
import { type ExperimentResult, judgeExperiments } from "./ab-simulation/judge-experiments.ts";
import { EXPERIMENTS } from "./ab-simulation/scenarios.ts";
import { AB_BASELINES, type ExperimentRun } from "./ab-simulation/simulate-experiment.ts";
import { intervalOf, percentOf, printTable } from "./simulation/print-table.ts";
import { runScenarios } from "./simulation/run-scenarios.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    scenarios: { type: "string" },
    threads: { type: "string" },
    keep: { type: "string" },
  },
});
const worker = new URL("ab-simulation/worker.ts", import.meta.url);
const results = await runScenarios<ExperimentRun, ExperimentResult, (typeof EXPERIMENTS)[number]>({
  ...options,
  worker,
  all: EXPERIMENTS,
  judge: judgeExperiments,
});

process.stdout.write(`\nExperiments between equal arms, a look at every unit\n\n`);
printTable(
  ["scenario", "runs", "winner", "95 % interval", "harm", "claimed", "binomial p", ...AB_BASELINES, ""],
  results
    .filter((result) => result.pValue !== null)
    .map((result) => [
      result.title,
      String(result.runs),
      percentOf(result.winners, result.runs),
      intervalOf(result.winners, result.runs),
      percentOf(result.harmed, result.runs),
      result.claim,
      (result.pValue ?? 0).toFixed(3),
      ...result.baselines.map((count) => percentOf(count, result.runs)),
      result.isKept ? "kept" : "BROKEN",
    ]),
);
process.stdout.write("\nExperiments with a difference: units of each arm until the treatment won\n\n");
printTable(
  ["scenario", "runs", "median", "p90", "claimed", "won", ""],
  results
    .filter((result) => result.pValue === null)
    .map((result) => [
      result.title,
      String(result.runs),
      String(result.median),
      String(result.ninetieth),
      result.claim,
      percentOf(result.winners, result.runs),
      result.isKept ? "kept" : "BROKEN",
    ]),
);
if (results.some((result) => !result.isKept)) process.exitCode = 1;

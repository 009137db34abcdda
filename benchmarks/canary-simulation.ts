// Ten thousand canaries of each scenario through the product's own guardrails and decision, looked at after every request, against
// what is claimed of it; beside three rules that are common in the field, on the same requests.
//
//   node --conditions=agent-learning-source benchmarks/canary-simulation.ts
//
// Options: --runs 10000  --scenarios boundary,drift  --threads 2  --picture docs/images/false-rollbacks.svg
// --keep FILE.json: puts the results beside those that are there, so that the scenarios can be run in pieces and shown together
// (`--scenarios none`).
// Ends with exit code 1 where a claim does not hold. No data, no network.
import { parseArgs } from "node:util";
import { writeFileSync } from "node:fs";
import { BASELINES } from "./canary-simulation/baselines.ts";
import { drawFalseRollbacks } from "./canary-simulation/draw-false-rollbacks.ts";
import { type CanaryResult, judgeCanaries } from "./canary-simulation/judge-canaries.ts";
import { SCENARIOS } from "./canary-simulation/scenarios.ts";
import type { CanaryRun } from "./canary-simulation/simulate-canary.ts";
import { intervalOf, percentOf, printTable } from "./simulation/print-table.ts";
import { runScenarios } from "./simulation/run-scenarios.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    scenarios: { type: "string" },
    threads: { type: "string" },
    picture: { type: "string" },
    keep: { type: "string" },
  },
});
const worker = new URL("canary-simulation/worker.ts", import.meta.url);
const results = await runScenarios<CanaryRun, CanaryResult, (typeof SCENARIOS)[number]>({
  ...options,
  worker,
  all: SCENARIOS,
  judge: judgeCanaries,
});

const falseRollbacks = results.filter((result) => result.pValue !== null);
const found = results.filter((result) => result.pValue === null);
process.stdout.write(`\nHealthy canaries that were rolled back, a look at every request\n\n`);
printTable(
  [
    "scenario",
    "runs",
    "ours",
    "95 % interval",
    "claimed",
    "binomial p",
    "promoted",
    "invalid",
    ...BASELINES,
    "",
  ],
  falseRollbacks.map((result) => [
    result.title,
    String(result.runs),
    percentOf(result.rolledBack, result.runs),
    intervalOf(result.rolledBack, result.runs),
    result.claim,
    (result.pValue ?? 0).toFixed(3),
    percentOf(result.promoted, result.runs),
    percentOf(result.invalid, result.runs),
    ...result.baselines.map((count) => percentOf(count, result.runs)),
    result.isKept ? "kept" : "BROKEN",
  ]),
);
process.stdout.write(
  "\nBad canaries: candidate units (votes, of satisfaction) until the guardrail broke\n\n",
);
printTable(
  ["scenario", "runs", "median", "p90", "claimed", "rolled back", ""],
  found.map((result) => [
    result.title,
    String(result.runs),
    String(result.median),
    String(result.ninetieth),
    result.claim,
    percentOf(result.rolledBack, result.runs),
    result.isKept ? "kept" : "BROKEN",
  ]),
);
if (options.picture !== undefined) writeFileSync(options.picture, drawFalseRollbacks(falseRollbacks));
if (results.some((result) => !result.isKept)) process.exitCode = 1;

// Ten thousand bandits of each scenario through the product's own analysis and reallocation, once a day for two weeks: what they lose
// against the best arm beside an even split, whether their intervals hold, and whether their estimates are biased, beside those from
// plain sums over all days.
//
//   node --conditions=agent-learning-source benchmarks/bandit-simulation.ts
//
// Options: --runs 10000  --scenarios one-better,equal-in-drift  --threads 2  --keep FILE.json as in ab-simulation.ts.
// Ends with exit code 1 where a claim does not hold. No data, no network.
import { parseArgs } from "node:util";
import { type BanditResult, judgeBandits } from "./bandit-simulation/judge-bandits.ts";
import { BANDITS } from "./bandit-simulation/scenarios.ts";
import type { BanditRun } from "./bandit-simulation/simulate-bandit.ts";
import { percentOf, printTable } from "./simulation/print-table.ts";
import { runScenarios } from "./simulation/run-scenarios.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    scenarios: { type: "string" },
    threads: { type: "string" },
    keep: { type: "string" },
  },
});
const worker = new URL("bandit-simulation/worker.ts", import.meta.url);
const results = await runScenarios<BanditRun, BanditResult, (typeof BANDITS)[number]>({
  ...options,
  worker,
  all: BANDITS,
  judge: judgeBandits,
});
const points = (value: number): string => `${value < 0 ? "-" : "+"}${(100 * Math.abs(value)).toFixed(4)}`;
printTable(
  [
    "scenario",
    "runs",
    "lost",
    "lost at even shares",
    "last share",
    "missed",
    "binomial p",
    "bias (points)",
    "of plain sums",
    "winners",
    "",
  ],
  results.map((result) => [
    result.title,
    String(result.runs),
    result.regret.toFixed(0),
    result.evenRegret.toFixed(0),
    percentOf(result.lastShare, 1),
    percentOf(result.missed, result.runs),
    result.missedP.toFixed(3),
    `${points(result.bias)} (se ${(100 * result.biasError).toFixed(4)})`,
    points(result.pooledBias),
    percentOf(result.winners, result.runs),
    result.isKept ? "kept" : "BROKEN",
  ]),
);
if (results.some((result) => !result.isKept)) process.exitCode = 1;

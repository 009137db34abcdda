import { parentPort } from "node:worker_threads";
import type { Task } from "../simulation/run-in-workers.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type CanaryRun, simulateCanary } from "./simulate-canary.ts";

parentPort?.on("message", ({ name, from, to }: Task) => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const runs: CanaryRun[] = [];
  for (let seed = from; seed < to; seed++) runs.push(simulateCanary(scenario, seed));
  parentPort?.postMessage(runs, []);
});

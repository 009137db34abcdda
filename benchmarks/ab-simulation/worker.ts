import { parentPort } from "node:worker_threads";
import type { Task } from "../simulation/run-in-workers.ts";
import { EXPERIMENTS } from "./scenarios.ts";
import { type ExperimentRun, simulateExperiment } from "./simulate-experiment.ts";

parentPort?.on("message", ({ name, from, to }: Task) => {
  const scenario = EXPERIMENTS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const runs: ExperimentRun[] = [];
  for (let seed = from; seed < to; seed++) runs.push(simulateExperiment(scenario, seed));
  parentPort?.postMessage(runs, []);
});

import { parentPort } from "node:worker_threads";
import type { Task } from "../simulation/run-in-workers.ts";
import { BANDITS } from "./scenarios.ts";
import { type BanditRun, simulateBandit } from "./simulate-bandit.ts";

parentPort?.on("message", ({ name, from, to }: Task) => {
  const scenario = BANDITS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const runs: BanditRun[] = [];
  for (let seed = from; seed < to; seed++) runs.push(simulateBandit(scenario, seed));
  parentPort?.postMessage(runs, []);
});

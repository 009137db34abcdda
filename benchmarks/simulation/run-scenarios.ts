import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { runInWorkers } from "./run-in-workers.ts";

interface Named {
  readonly name: string;
}

export interface ScenarioRuns<Run, Result extends Named, Scenario extends Named> {
  readonly all: readonly Scenario[];
  readonly judge: (scenario: Scenario, runs: readonly Run[]) => Result;
  readonly worker: URL;
  readonly runs: string;
  /** Names with commas between them, or `none` to show what is kept; all without. */
  readonly scenarios?: string | undefined;
  readonly threads?: string | undefined;
  /** File with the results of earlier pieces; those of this one are put beside them. */
  readonly keep?: string | undefined;
}

/** Runs the scenarios that are wanted. Returns the results of these and of earlier pieces, in the order of the scenarios. */
export async function runScenarios<Run, Result extends Named, Scenario extends Named>(
  options: ScenarioRuns<Run, Result, Scenario>,
): Promise<Result[]> {
  const { all, judge, worker, keep } = options;
  const wanted = options.scenarios === "none" ? [] : options.scenarios?.split(",");
  const unknown = wanted?.find((name) => all.every((scenario) => scenario.name !== name));
  if (unknown !== undefined)
    throw new Error(`no scenario ${unknown}: ${all.map(({ name }) => name).join(", ")}`);
  const kept = new Map<string, Result>();
  if (keep !== undefined && existsSync(keep)) {
    for (const result of JSON.parse(readFileSync(keep, "utf8")) as Result[]) kept.set(result.name, result);
  }
  for (const scenario of all) {
    if (wanted !== undefined && !wanted.includes(scenario.name)) continue;
    const start = performance.now();
    const threads = options.threads === undefined ? undefined : Number(options.threads);
    const runs = await runInWorkers<Run>(worker, scenario.name, Number(options.runs), threads);
    kept.set(scenario.name, judge(scenario, runs));
    process.stderr.write(`${scenario.name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
    if (keep !== undefined) writeFileSync(keep, JSON.stringify([...kept.values()]));
  }
  return all.flatMap(({ name }) => kept.get(name) ?? []);
}

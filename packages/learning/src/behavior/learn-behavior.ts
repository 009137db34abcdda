import { createRandom } from "../random.ts";
import { type DepartureOptions, type Departures, findDepartures } from "./departures.ts";
import { type DirectlyFollowsGraph, directlyFollowsGraph, replayFitness } from "./directly-follows.ts";
import { compareNextTool, type NextToolComparison } from "./next-tool-model.ts";
import { type ProposedRule, proposeRules } from "./propose-rules.ts";
import type { Trace } from "./trace.ts";

/** Everything that runs say about behaviour. A function of the runs alone: take somebody's away and it is as if they had never been. */
export interface LearnedBehavior extends Departures {
  experts: DirectlyFollowsGraph;
  agent: DirectlyFollowsGraph;
  /** How much of experts' runs the agent's graph knows, 0 to 1; undefined without experts' runs. */
  replayFitness: number | undefined;
  /** Of experts' runs; undefined with fewer than two. */
  nextTool: NextToolComparison | undefined;
  rules: ProposedRule[];
}

export interface LearnBehaviorOptions extends DepartureOptions {
  seed: string;
  /** Of the next-tool model; default 4. */
  order?: number;
}

/** Runs without a tool call say nothing here and are left out; the order of the runs does not matter. */
export function learnBehavior(traces: readonly Trace[], options: LearnBehaviorOptions): LearnedBehavior {
  const ordered = traces
    .filter(({ calls }) => calls.length > 0)
    .sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
  const expertRuns = ordered.filter(({ source }) => source === "expert");
  const agentRuns = ordered.filter(({ source }) => source === "agent");
  const agent = directlyFollowsGraph(agentRuns);
  const found = findDepartures(ordered, options);
  return {
    ...found,
    experts: directlyFollowsGraph(expertRuns),
    agent,
    replayFitness: replayFitness(agent, expertRuns),
    nextTool: compareNextTool(expertRuns, {
      order: options.order ?? 4,
      random: createRandom(options.seed).fork("next tool"),
    }),
    rules: proposeRules(found.departures, ordered),
  };
}

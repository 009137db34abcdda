import { agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import { learnBehavior, type LearnedBehavior, type Trace } from "@agent-learning/learning";
import type { Selectable } from "kysely";
import type { TenantContext } from "../../context.ts";
import type { AgentsTable } from "../../database/schema.ts";
import { readAgentRuns, readDemonstrationSteps } from "./store.ts";
import { agentTrace, expertTrace } from "./to-trace.ts";

/** Runs of each side at most, the newest, and patterns that are compared: what a request may take. */
const MOST_RUNS = 1_000;
const MOST_PATTERNS = 2_000;

/** Runs with tool calls: verified demonstrations, and what the agent did in the last days. */
export async function readTraces(
  ctx: TenantContext,
  agent: Selectable<AgentsTable>,
  days: number,
): Promise<{ traces: Trace[]; truncated: boolean }> {
  const { min_quality_score: quality } = agentPolicy.parse(agent.policy).training;
  const { min_rating_for_positive: rating } = agentLearningConfig.parse(agent.config).feedback_collection;
  const shown = await readDemonstrationSteps(ctx, agent.id, quality, MOST_RUNS);
  const runs = await readAgentRuns(ctx, agent.id, days, MOST_RUNS);
  return {
    traces: [...shown.map(expertTrace), ...runs.map((run) => agentTrace(run, rating))],
    truncated: shown.length === MOST_RUNS || runs.length === MOST_RUNS,
  };
}

/** What the runs say. The same runs always give the same. */
export function learnFromRuns(traces: readonly Trace[], seed: string): LearnedBehavior {
  return learnBehavior(traces, { seed, most: MOST_PATTERNS });
}

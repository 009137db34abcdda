import type { BehaviorPatterns, Workflow } from "@agent-learning/contract";
import type { DirectlyFollowsGraph, LearnedBehavior } from "@agent-learning/learning";
import { findAgent } from "../../administration/agents/index.ts";
import type { TenantContext } from "../../context.ts";
import { learningNow } from "../../database/index.ts";
import { learnFromRuns, readTraces } from "./learn-from-runs.ts";

const MOST_STEPS = 500;

/**
 * The guide's `extract_patterns`: how experts and the agent use tools, and where they differ, from what is stored now.
 * @throws ProblemError not-found for the agent
 */
export async function extractPatterns({
  ctx,
  input,
}: {
  ctx: TenantContext;
  input: { agent: string; days: number };
}): Promise<BehaviorPatterns> {
  const agent = await findAgent(ctx, input.agent, "path.agentId");
  const { traces, truncated } = await readTraces(ctx, agent, input.days);
  const learned = learnFromRuns(traces, agent.id);
  const now = await learningNow(ctx.tx);
  return presentPatterns(learned, { agentId: agent.id, truncated, now });
}

function presentPatterns(
  learned: LearnedBehavior,
  { agentId, truncated, now }: { agentId: string; truncated: boolean; now: Date },
): BehaviorPatterns {
  const { nextTool } = learned;
  const rules = new Map(learned.rules.map(({ departure, rule }) => [departure, rule]));
  return {
    agent_id: agentId,
    experts: presentWorkflow(learned.experts),
    agent: presentWorkflow(learned.agent),
    replay_fitness: learned.replayFitness ?? null,
    next_tool:
      nextTool === undefined
        ? null
        : {
            accuracy: nextTool.accuracy,
            bigram_accuracy: nextTool.baselineAccuracy,
            gain_lower_bound: nextTool.gainLowerBound,
            predictions: nextTool.predictions,
          },
    departures: learned.departures.map((departure) => {
      const rule = rules.get(departure);
      return {
        tools: departure.tools,
        direction: departure.direction,
        expert: departure.expert,
        agent: departure.agent,
        p_value: departure.pValue,
        adjusted_p_value: departure.adjusted,
        contributors: departure.contributors.length,
        evidence_ids: departure.evidenceIds,
        rule:
          rule === undefined
            ? null
            : { id: rule.id, text: rule.text, helpful: rule.helpful, harmful: rule.harmful },
      };
    }),
    patterns: learned.patterns.map(({ tools, expert, agent: own, expertIds, agentIds }) => ({
      tools,
      expert,
      agent: own,
      example_ids: expertIds,
      execution_ids: agentIds,
    })),
    patterns_tested: learned.tested,
    truncated: truncated || learned.truncated,
    computed_at: now.toISOString(),
  };
}

function presentWorkflow(graph: DirectlyFollowsGraph): Workflow {
  return {
    runs: graph.traces,
    tools: graph.nodes.map((node) => ({
      tool: node.tool,
      calls: node.calls,
      runs: node.traces,
      failure_rate: node.failureRate,
      duration_ms: node.milliseconds,
      run_ids: node.runIds,
    })),
    steps: graph.edges.slice(0, MOST_STEPS).map(({ from, to, count, traces, share, runIds }) => ({
      from,
      to,
      count,
      runs: traces,
      share,
      run_ids: runIds,
    })),
  };
}

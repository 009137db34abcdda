import { agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import type { TenantContext } from "../../../context.ts";
import { systemContext } from "../../../create-context.ts";
import { ProblemError } from "../../../http/index.ts";
import type { ScheduleDefinition } from "../../../jobs/job-queue.ts";
import { createTrainingRun } from "../../training-runs/create-training-run.ts";
import { countNewExamples, hasRecentRun, holdAgent, readContinuousAgents } from "./store.ts";

/** Starts the agent's run if it is due. One at a time, whoever else looks: the agent is held meanwhile. */
async function startIfDue(ctx: TenantContext, agentId: string): Promise<void> {
  const agent = await holdAgent(ctx, agentId);
  if (agent === undefined || !agentLearningConfig.parse(agent.config).learning_enabled) return;
  const policy = agentPolicy.parse(agent.policy);
  const {
    mode,
    min_hours_between_runs: hours,
    min_new_examples: wanted,
    ...settings
  } = policy.prompt_learning;
  if (mode !== "continuous" || (await hasRecentRun(ctx, agentId, hours))) return;
  if ((await countNewExamples(ctx, agentId, policy)) < wanted) return;
  await createTrainingRun({
    ctx,
    input: {
      name: `Continuous optimisation of ${agent.slug}`,
      description: `Started by the agent's policy: ${wanted} or more examples were approved since the last run.`,
      agent_id: agentId,
      training_type: "prompt_optimization",
      config: JSON.parse(JSON.stringify(settings)) as Record<string, never>,
    },
  });
}

/**
 * Prompt learning that goes on by itself, by the agent's policy. What is refused, for want of budget or of what an evaluator needs, is
 * tried again later; nothing queues up.
 */
export const continuousPromptLearning: ScheduleDefinition = {
  name: "learning-continuous-prompt-optimization",
  everySeconds: 60,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "continuous-prompt-optimization");
    for (const agentId of await ctx.transact(readContinuousAgents)) {
      try {
        await ctx.transact((tenant) => startIfDue(tenant, agentId));
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error;
        services.log.info("a continuous optimisation was not started", { agentId, reason: error.message });
      }
    }
  },
};

import { agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import type { TenantContext } from "../../../context.ts";
import { systemContext } from "../../../create-context.ts";
import { ProblemError } from "../../../http/index.ts";
import type { ScheduleDefinition } from "../../../jobs/job-queue.ts";
import { holdAgent } from "../../prompt/continuous/store.ts";
import { createTrainingRun } from "../../training-runs/create-training-run.ts";
import { countNewExamples, hasRecentRun, readWeeklyAgents } from "./store.ts";

/** Starts the agent's run if it is due. One at a time, whoever else looks: the agent is held meanwhile. */
async function startIfDue(ctx: TenantContext, agentId: string): Promise<void> {
  const agent = await holdAgent(ctx, agentId);
  if (agent === undefined || !agentLearningConfig.parse(agent.config).learning_enabled) return;
  const policy = agentPolicy.parse(agent.policy);
  const { mode, min_new_examples: wanted, min_hours_between_runs: hours } = policy.behavior_learning;
  if (mode !== "weekly" || (await hasRecentRun(ctx, agentId, hours))) return;
  if ((await countNewExamples(ctx, agentId, policy.training.min_quality_score, wanted)) < wanted) return;
  await createTrainingRun({
    ctx,
    input: {
      name: `Weekly behaviour learning of ${agent.slug}`,
      description: `Started by the agent's policy: ${wanted} or more demonstrations and corrections were approved since the last run. What it makes waits for a reviewer's approval.`,
      agent_id: agentId,
      training_type: "behavior_learning",
      config: {},
    },
  });
}

/** The guide's weekly batch. What is refused is tried again later; nothing queues up. */
export const weeklyBehaviorLearning: ScheduleDefinition = {
  name: "learning-weekly-behavior",
  everySeconds: 900,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "weekly-behavior-learning");
    for (const agentId of await ctx.transact(readWeeklyAgents)) {
      try {
        await ctx.transact((tenant) => startIfDue(tenant, agentId));
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error;
        services.log.info("a weekly run of behaviour learning was not started", {
          agentId,
          reason: error.message,
        });
      }
    }
  },
};

import { agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import type { TenantContext } from "../../../context.ts";
import { systemContext } from "../../../create-context.ts";
import { ProblemError } from "../../../http/index.ts";
import type { ScheduleDefinition } from "../../../jobs/job-queue.ts";
import { holdAgent } from "../../prompt/continuous/store.ts";
import { createTrainingRun } from "../../training-runs/create-training-run.ts";
import { countNewRetrievals, hasRecentRun, readDailyAgents } from "./store.ts";

/** Starts the agent's run if it is due. One at a time, whoever else looks: the agent is held meanwhile. */
async function startIfDue(ctx: TenantContext, agentId: string): Promise<void> {
  const agent = await holdAgent(ctx, agentId);
  if (agent === undefined || !agentLearningConfig.parse(agent.config).learning_enabled) return;
  const {
    mode,
    min_new_retrievals: wanted,
    min_hours_between_runs: hours,
  } = agentPolicy.parse(agent.policy).retrieval_learning;
  if (mode !== "daily" || (await hasRecentRun(ctx, agentId, hours))) return;
  if ((await countNewRetrievals(ctx, agentId, wanted)) < wanted) return;
  await createTrainingRun({
    ctx,
    input: {
      name: `Daily retrieval learning of ${agent.slug}`,
      description: `Started by the agent's policy: people said something of ${wanted} or more retrievals since the last run.`,
      agent_id: agentId,
      training_type: "rag_training",
      config: {},
    },
  });
}

/** The guide's daily batch. What is refused is tried again later; nothing queues up. */
export const dailyRetrievalLearning: ScheduleDefinition = {
  name: "learning-daily-retrieval",
  everySeconds: 900,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "daily-retrieval-learning");
    for (const agentId of await ctx.transact(readDailyAgents)) {
      try {
        await ctx.transact((tenant) => startIfDue(tenant, agentId));
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error;
        services.log.info("a daily run of retrieval learning was not started", {
          agentId,
          reason: error.message,
        });
      }
    }
  },
};

import { agentLearningConfig, agentPolicy } from "@agent-learning/contract";
import type { TenantContext } from "../../../context.ts";
import { systemContext } from "../../../create-context.ts";
import { findNewestFrozenDataset } from "../../../curation/datasets/index.ts";
import { ProblemError } from "../../../http/index.ts";
import type { ScheduleDefinition } from "../../../jobs/job-queue.ts";
import { holdAgent } from "../../prompt/continuous/store.ts";
import { createTrainingRun } from "../../training-runs/create-training-run.ts";
import { appendEvent, readRun } from "../../training-runs/store.ts";
import { estimateRun } from "../estimate.ts";
import { hasRecentRun, readLastRun, readMonthlyAgents } from "./store.ts";

/** Drafts the agent's run if one is due. One at a time, whoever else looks: the agent is held meanwhile. */
async function proposeIfDue(ctx: TenantContext, agentId: string): Promise<void> {
  const agent = await holdAgent(ctx, agentId);
  if (agent === undefined || !agentLearningConfig.parse(agent.config).learning_enabled) return;
  const { fine_tuning: policy } = agentPolicy.parse(agent.policy);
  const { mode, min_examples: wanted, min_hours_between_runs: hours, backend } = policy;
  if (mode !== "monthly" || (await hasRecentRun(ctx, agentId, hours))) return;
  const dataset = await findNewestFrozenDataset(ctx, agentId);
  if (dataset === undefined || (dataset.total_examples ?? 0) < wanted) return;
  // Nothing new to learn from, or a proposal that nobody has taken up.
  const last = await readLastRun(ctx, agentId);
  if (last?.dataset_id === dataset.id || last?.phase === "draft") return;
  const run = await createTrainingRun({
    ctx,
    input: {
      name: `Monthly fine-tuning of ${agent.slug}`,
      agent_id: agentId,
      training_type: "supervised_fine_tuning",
      dataset_id: dataset.id,
      config: { backend },
      description: `Proposed by the agent's policy from the dataset ${dataset.name} ${dataset.version} with ${dataset.total_examples ?? 0} examples. Nothing happens until a person starts it.`,
    },
  });
  const row = await readRun(ctx, run.id);
  if (row === undefined) return;
  const { preview: _, ...estimate } = await estimateRun(ctx, row);
  await appendEvent(ctx, run.id, "proposed", { estimate });
}

/** The guide's monthly run: a draft with its dataset, what it would take and what it is expected to bring. A person starts it. */
export const monthlyFineTuning: ScheduleDefinition = {
  name: "learning-monthly-fine-tuning",
  everySeconds: 3_600,
  sweep: async (services, organizationId) => {
    const ctx = systemContext(services, organizationId, "monthly-fine-tuning");
    for (const agentId of await ctx.transact(readMonthlyAgents)) {
      try {
        await ctx.transact((tenant) => proposeIfDue(tenant, agentId));
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error;
        services.log.info("a monthly run of fine-tuning was not proposed", {
          agentId,
          reason: error.message,
        });
      }
    }
  },
};

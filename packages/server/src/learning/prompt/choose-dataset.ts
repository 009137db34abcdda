import type { Context, TenantContext } from "../../context.ts";
import { createDataset, findNewestFrozenDataset, freezeDataset } from "../../curation/datasets/index.ts";
import { ProblemError } from "../../http/index.ts";

export type DatasetChoice = { id: string } | { reasons: string[] };

async function hasNewerExamples(
  ctx: TenantContext,
  agentId: string,
  frozenAt: Date | null,
): Promise<boolean> {
  const newer = await ctx.tx
    .selectFrom("learning_examples")
    .select("id")
    .where("organization_id", "=", ctx.organizationId)
    .where("agent_id", "=", agentId)
    .where("review_status", "=", "approved")
    .where("reviewed_at", ">", frozenAt ?? new Date(0))
    .limit(1)
    .executeTakeFirst();
  return newer !== undefined;
}

/**
 * The dataset to learn from when the caller named none: the newest frozen one that holds every approved example, or else a new
 * version, built and frozen now. Where the thresholds refuse it, the reasons.
 */
export async function chooseDataset(ctx: Context, agentId: string): Promise<DatasetChoice> {
  try {
    return await ctx.transact(async (tenant) => {
      const newest = await findNewestFrozenDataset(tenant, agentId);
      if (newest !== undefined && !(await hasNewerExamples(tenant, agentId, newest.frozen_at)))
        return { id: newest.id };
      const draft = await createDataset({
        ctx: tenant,
        input: {
          agent_id: agentId,
          name: "optimisation",
          selection: {},
          split: { train: 0.8, validation: 0.1, test: 0.1 },
        },
      });
      const frozen = await freezeDataset({ ctx: tenant, input: { datasetId: draft.id } });
      return { id: frozen.id };
    });
  } catch (error) {
    // The transaction is undone: no half-built draft stays behind.
    if (!(error instanceof ProblemError) || error.status >= 500) throw error;
    const more = (error.errors ?? []).map(({ message }) => message);
    return { reasons: [error.message, ...more.filter((message) => !error.message.includes(message))] };
  }
}

import type { TenantContext } from "../../context.ts";
import { unprocessable } from "../../http/index.ts";

/** @throws ProblemError unprocessable unless it is a frozen dataset of this agent */
export async function findFrozenDataset(
  ctx: TenantContext,
  agentId: string,
  datasetId: string,
): Promise<void> {
  const dataset = await ctx.tx
    .selectFrom("training_datasets")
    .select(["agent_id", "status"])
    .where("organization_id", "=", ctx.organizationId)
    .where("id", "=", datasetId)
    .executeTakeFirst();
  if (dataset === undefined) throw unprocessable("body.dataset_id", "is not a dataset of this organization");
  if (dataset.agent_id !== agentId) throw unprocessable("body.dataset_id", "is a dataset of another agent");
  if (dataset.status !== "frozen") {
    throw unprocessable(
      "body.dataset_id",
      `is ${dataset.status ?? "draft"}: freeze the dataset first, so that what was learned from stays what it was`,
    );
  }
}
